/**
 * What programs really say: message, symptom, and the item that is opened first. Where a message names a host, an
 * address or a path, it is the shop's. `from` is the product whose source or documentation has the format.
 */
export type Said = readonly [message: string, symptom: string, firstItem: string];
export type Source = { readonly from: string; readonly messages: readonly Said[] };

const LB = 'load-balancer-and-instances';
const SG = 'security-groups';
const DNS = 'dns-and-certificates';
const IAM = 'iam-roles-and-policies';
const DEPENDENCIES = 'dependencies';
const CAPACITY = 'capacity';
const CHANGED = 'what-changed';
const ROUTES = 'routes';

export const CORPUS: readonly Source[] = [
  {
    // lib/connect.c, lib/multi.c, lib/hostip.c, lib/vtls: curl 7.29 (CentOS 7) to 8.10
    from: 'curl 7.29 to 8.10',
    messages: [
      ['curl: (6) Could not resolve host: shop.example.com', 'curl-name-not-resolved', DNS],
      ["curl: (6) Couldn't resolve host 'shop.example.com'", 'curl-name-not-resolved', DNS],
      ['curl: (7) Failed to connect to shop.example.com port 443: Connection refused', 'curl-connection-refused', LB],
      ['curl: (7) Failed to connect to shop.example.com port 443 after 12 ms: Connection refused', 'curl-connection-refused', LB],
      ["curl: (7) Failed to connect to 10.0.1.5 port 8080 after 0 ms: Couldn't connect to server", 'curl-connection-refused', LB],
      ['curl: (7) Failed to connect to localhost port 80 after 0 ms: Could not connect to server', 'curl-connection-refused', LB],
      ["curl: (7) couldn't connect to host", 'curl-connection-refused', LB],
      ['curl: (7) Failed to connect to 10.0.1.5 port 8080 after 3061 ms: No route to host', 'curl-no-route', ROUTES],
      ['curl: (7) Failed to connect to 2600:1f18::5 port 443: Network is unreachable', 'curl-no-route', ROUTES],
      ['curl: (7) Failed to connect to 10.0.1.5 port 80: Connection timed out', 'curl-connect-timeout', SG],
      [
        'curl: (28) Failed to connect to shop.example.com port 443 after 130998 ms: Connection timed out',
        'curl-connect-timeout',
        SG,
      ],
      ["curl: (28) Failed to connect to 10.0.1.5 port 80 after 75003 ms: Couldn't connect to server", 'curl-connect-timeout', SG],
      ['curl: (28) Connection timed out after 5001 milliseconds', 'curl-connect-timeout', SG],
      ['curl: (28) Connection timeout after 5001 ms', 'curl-connect-timeout', SG],
      ['curl: (28) Operation timed out after 10001 milliseconds with 0 bytes received', 'curl-answer-timeout', LB],
      ['curl: (28) Operation timed out after 3000 milliseconds with 0 out of 0 bytes received', 'curl-answer-timeout', LB],
      ['curl: (28) SSL connection timeout', 'curl-answer-timeout', LB],
      ['curl: (28) Resolving timed out after 5000 milliseconds', 'curl-resolve-timeout', DNS],
      ['curl: (35) OpenSSL SSL_connect: Connection reset by peer in connection to shop.example.com:443', 'connection-reset', LB],
      ['curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to shop.example.com:443', 'connection-reset', LB],
      ['curl: (35) error:0A00010B:SSL routines::wrong version number', 'tls-on-plain-port', LB],
      ['curl: (35) error:1408F10B:SSL routines:ssl3_get_record:wrong version number', 'tls-on-plain-port', LB],
      ['curl: (35) error:14094410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure', 'tls-handshake-failed', DNS],
      ['curl: (35) OpenSSL/3.0.13: error:0A000458:SSL routines::tlsv1 unrecognized name', 'tls-handshake-failed', DNS],
      ['curl: (47) Maximum (50) redirects followed', 'redirect-loop', LB],
      ['curl: (52) Empty reply from server', 'empty-reply', LB],
      ['curl: (56) Recv failure: Connection reset by peer', 'connection-reset', LB],
      ['curl: (56) OpenSSL SSL_read: Connection reset by peer, errno 104', 'connection-reset', LB],
      ['curl: (60) SSL certificate problem: certificate has expired', 'certificate-expired', DNS],
      ['curl: (60) SSL certificate problem: unable to get local issuer certificate', 'certificate-not-trusted', DNS],
      ['curl: (60) SSL certificate problem: self-signed certificate', 'certificate-not-trusted', DNS],
      [
        "curl: (60) SSL: no alternative certificate subject name matches target host name 'shop.example.com'",
        'certificate-name-mismatch',
        DNS,
      ],
      [
        "curl: (51) SSL: no alternative certificate subject name matches target host name 'shop.example.com'",
        'certificate-name-mismatch',
        DNS,
      ],
      ['curl: (18) transfer closed with 1024 bytes remaining to read', 'curl-transfer-cut', LB],
      ['curl: (92) HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)', 'curl-transfer-cut', LB],
      ['curl: (22) The requested URL returned error: 502', 'http-502', LB],
      ['curl: (22) The requested URL returned error: 503 Service Temporarily Unavailable', 'http-503', LB],
    ],
  },
  {
    // src/connect.c, src/host.c, src/http.c
    from: 'GNU Wget 1.21',
    messages: [
      ["wget: unable to resolve host address 'shop.example.com'", 'curl-name-not-resolved', DNS],
      [
        'Connecting to shop.example.com (shop.example.com)|203.0.113.10|:80... failed: Connection refused.',
        'curl-connection-refused',
        LB,
      ],
      ['Connecting to 10.0.1.5:8080... failed: Connection timed out.', 'curl-connect-timeout', SG],
      ['HTTP request sent, awaiting response... 504 Gateway Time-out', 'http-504', LB],
    ],
  },
  {
    // chromium net/base/net_error_list.h; components/error_page; DevTools console
    from: 'Chrome 120',
    messages: [
      ["This site can't be reached shop.example.com refused to connect. ERR_CONNECTION_REFUSED", 'browser-refused', LB],
      ['This site can’t be reached shop.example.com took too long to respond. ERR_CONNECTION_TIMED_OUT', 'browser-timeout', SG],
      [
        'This site can’t be reached Check if there is a typo in shop.example.com. DNS_PROBE_FINISHED_NXDOMAIN',
        'name-does-not-exist',
        DNS,
      ],
      ['shop.example.com’s server IP address could not be found. ERR_NAME_NOT_RESOLVED', 'name-does-not-exist', DNS],
      ['The connection was reset. ERR_CONNECTION_RESET', 'connection-reset', LB],
      ['shop.example.com didn’t send any data. ERR_EMPTY_RESPONSE', 'empty-reply', LB],
      ['shop.example.com unexpectedly closed the connection. ERR_CONNECTION_CLOSED', 'empty-reply', LB],
      ['Your connection is not private NET::ERR_CERT_DATE_INVALID', 'certificate-expired', DNS],
      ['Your connection is not private NET::ERR_CERT_COMMON_NAME_INVALID', 'certificate-name-mismatch', DNS],
      ['Your connection is not private NET::ERR_CERT_AUTHORITY_INVALID', 'certificate-not-trusted', DNS],
      ['shop.example.com sent an invalid response. ERR_SSL_PROTOCOL_ERROR', 'tls-on-plain-port', LB],
      ['uses an unsupported protocol. ERR_SSL_VERSION_OR_CIPHER_MISMATCH', 'tls-handshake-failed', DNS],
      ['shop.example.com redirected you too many times. ERR_TOO_MANY_REDIRECTS', 'redirect-loop', LB],
      ['shop.example.com is unreachable. ERR_ADDRESS_UNREACHABLE', 'browser-unreachable', DNS],
      ['GET https://shop.example.com/api/cart 502 (Bad Gateway)', 'http-502', LB],
      ['POST https://shop.example.com/api/checkout net::ERR_CONNECTION_TIMED_OUT', 'browser-timeout', SG],
      ['GET https://shop.example.com/app.js net::ERR_HTTP2_PROTOCOL_ERROR 200 (OK)', 'curl-transfer-cut', LB],
      ['Failed to load resource: the server responded with a status of 504 (Gateway Time-out)', 'http-504', LB],
      ['Failed to load resource: the server responded with a status of 403 (Forbidden)', 'http-403', IAM],
      [
        "Access to fetch at 'https://api.example.com/cart' from origin 'https://shop.example.com' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
        'cors-blocked',
        LB,
      ],
    ],
  },
  {
    // browser/locales/en-US/browser/netError.ftl; security/nss error names
    from: 'Firefox 115',
    messages: [
      ['Unable to connect Firefox can’t establish a connection to the server at shop.example.com.', 'browser-refused', LB],
      ['The connection has timed out The server at shop.example.com is taking too long to respond.', 'browser-timeout', SG],
      [
        'Hmm. We’re having trouble finding that site. We can’t connect to the server at shop.example.com.',
        'name-does-not-exist',
        DNS,
      ],
      ['Secure Connection Failed PR_CONNECT_RESET_ERROR', 'connection-reset', LB],
      ['Secure Connection Failed Error code: PR_END_OF_FILE_ERROR', 'empty-reply', LB],
      ['Error code: SSL_ERROR_RX_RECORD_TOO_LONG', 'tls-on-plain-port', LB],
      ['Error code: SEC_ERROR_EXPIRED_CERTIFICATE', 'certificate-expired', DNS],
      ['Error code: SSL_ERROR_BAD_CERT_DOMAIN', 'certificate-name-mismatch', DNS],
      ['Error code: SEC_ERROR_UNKNOWN_ISSUER', 'certificate-not-trusted', DNS],
      ['Error code: SSL_ERROR_NO_CYPHER_OVERLAP', 'tls-handshake-failed', DNS],
      [
        'The page isn’t redirecting properly Firefox has detected that the server is redirecting the request for this address in a way that will never complete.',
        'redirect-loop',
        LB,
      ],
    ],
  },
  {
    from: 'Safari 17',
    messages: [
      [
        'Safari can’t open the page “https://shop.example.com” because the server where this page is located isn’t responding.',
        'browser-timeout',
        SG,
      ],
      ['Safari can’t open the page because Safari can’t find the server “shop.example.com”.', 'name-does-not-exist', DNS],
    ],
  },
  {
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
    from: 'Application Load Balancer: pages, metrics, target health',
    messages: [
      [
        '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>',
        'http-502',
        LB,
      ],
      [
        '<html><head><title>503 Service Temporarily Unavailable</title></head><body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>',
        'http-503',
        LB,
      ],
      ['<html><head><title>504 Gateway Time-out</title></head>', 'http-504', LB],
      ['HTTPCode_ELB_502_Count > 10 for shop-alb', 'http-502', LB],
      ['HTTPCode_ELB_504_Count', 'http-504', LB],
      ['HTTPCode_Target_5XX_Count', 'http-500', CHANGED],
      ['UnHealthyHostCount >= 1', 'target-failed-checks', LB],
      ['HTTP 460', 'http-client-gave-up', CAPACITY],
      ['HTTP 464', 'http-464', LB],
      ['HTTP 561: Unauthorized', 'http-561', DEPENDENCIES],
      ['unhealthy Health checks failed with these codes: [502]', 'target-wrong-code', LB],
      ['unhealthy Request timed out', 'target-timeout', SG],
      ['unhealthy Health checks failed', 'target-failed-checks', LB],
      ['"TargetHealth": {"State": "unhealthy", "Reason": "Target.ResponseCodeMismatch"}', 'target-wrong-code', LB],
      ['"Reason": "Target.Timeout", "Description": "Request timed out"', 'target-timeout', SG],
      ['"Reason": "Target.FailedHealthChecks"', 'target-failed-checks', LB],
      [
        '"Reason": "Target.NotInUse", "Description": "Target group is not configured to receive traffic from the load balancer"',
        'target-not-used',
        LB,
      ],
      [
        '"Reason": "Target.DeregistrationInProgress", "Description": "Target deregistration is in progress"',
        'target-not-used',
        LB,
      ],
      ['"Reason": "Target.InvalidState", "Description": "Target is in the stopped state"', 'target-not-used', LB],
      ['"Reason": "Elb.InitialHealthChecking", "Description": "Initial health checks in progress"', 'target-starting', LB],
      ['"Reason": "Elb.InternalError"', 'elb-internal-error', LB],
      [
        'at 2026-01-05T14:02:11Z an instance was taken out of service in response to an ELB system health check failure.',
        'target-failed-checks',
        LB,
      ],
    ],
  },
  {
    // src/http/ngx_http_upstream.c, src/core/ngx_resolver.c, src/os/unix/ngx_errno.c; error_log and access_log formats
    from: 'nginx 1.24',
    messages: [
      [
        '2026/01/05 14:02:11 [error] 29#29: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.12, server: shop.example.com, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:8080/", host: "shop.example.com"',
        'proxy-upstream-refused',
        LB,
      ],
      [
        '2026/01/05 14:02:11 [error] 1713#0: *1 upstream timed out (110: Connection timed out) while connecting to upstream, client: 10.0.0.12, server: , request: "GET / HTTP/1.1", upstream: "http://10.0.1.5:8082/", host: "shop.example.com"',
        'nginx-upstream-connect-timeout',
        SG,
      ],
      [
        '[error] 7#7: *12 upstream timed out (110: Operation timed out) while reading response header from upstream, client: 10.0.0.12, server: shop, request: "POST /checkout HTTP/1.1", upstream: "http://10.0.1.5:8080/checkout"',
        'nginx-upstream-read-timeout',
        DEPENDENCIES,
      ],
      [
        '2026/01/05 14:02:11 [error] 12345#0: *678 upstream prematurely closed connection while reading response header from upstream, client: 10.0.0.12, server: shop.example.com, request: "GET /api/data HTTP/1.1", upstream: "http://127.0.0.1:8080/api/data", host: "shop.example.com"',
        'nginx-upstream-closed',
        LB,
      ],
      [
        'recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 10.0.0.12',
        'nginx-upstream-closed',
        LB,
      ],
      [
        '2026/01/05 14:02:11 [error] 2841#2841: *10590 no live upstreams while connecting to upstream, client: 203.0.113.7, server: shop.example.com, request: "GET / HTTP/1.1", upstream: "http://backend/", host: "shop.example.com"',
        'no-live-upstream',
        LB,
      ],
      [
        'connect() failed (113: No route to host) while connecting to upstream, client: 10.0.0.12, server: shop',
        'proxy-no-route',
        LB,
      ],
      [
        'connect() to unix:/run/php/php8.1-fpm.sock failed (2: No such file or directory) while connecting to upstream',
        'proxy-socket-failed',
        LB,
      ],
      [
        'connect() to unix:/run/php/php8.1-fpm.sock failed (11: Resource temporarily unavailable) while connecting to upstream',
        'web-server-full',
        CAPACITY,
      ],
      ['2026/01/05 14:02:11 [alert] 29#29: 1024 worker_connections are not enough', 'web-server-full', CAPACITY],
      ['accept4() failed (24: Too many open files)', 'too-many-files', CAPACITY],
      ['nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)', 'port-taken', LB],
      ['nginx: [emerg] host not found in upstream "app:8080" in /etc/nginx/conf.d/default.conf:5', 'nginx-name-not-found', DNS],
      ['app.internal could not be resolved (3: Host not found)', 'nginx-name-not-found', DNS],
      ['app.internal could not be resolved (110: Operation timed out)', 'resolver-out-of-reach', DNS],
      ['upstream sent too big header while reading response header from upstream', 'nginx-upstream-closed', LB],
      [
        'SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking to upstream',
        'tls-on-plain-port',
        LB,
      ],
      ['limiting requests, excess: 20.500 by zone "api", client: 10.0.0.12', 'web-server-full', CAPACITY],
      ['client intended to send too large body: 10485761 bytes', 'request-too-large', CHANGED],
      ['10.0.0.12 - - [05/Jan/2026:14:02:11 +0000] "GET /checkout HTTP/1.1" 502 157 "-" "ELB-HealthChecker/2.0"', 'http-502', LB],
      [
        '10.0.0.12 - - [05/Jan/2026:14:02:11 +0000] "GET /checkout HTTP/1.1" 499 0 "-" "Mozilla/5.0"',
        'http-client-gave-up',
        CAPACITY,
      ],
      ['400 Bad Request The plain HTTP request was sent to HTTPS port', 'tls-on-plain-port', LB],
    ],
  },
  {
    // modules/proxy, server/mpm: the APLOGNO numbers
    from: 'Apache HTTP Server 2.4',
    messages: [
      [
        '[proxy:error] [pid 1234] (111)Connection refused: AH00957: HTTP: attempt to connect to 10.0.1.5:8080 (10.0.1.5) failed',
        'proxy-upstream-refused',
        LB,
      ],
      ['[proxy_http:error] AH01114: HTTP: failed to make connection to backend: 10.0.1.5', 'proxy-upstream-refused', LB],
      [
        '[mpm_event:error] AH00484: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting',
        'web-server-full',
        CAPACITY,
      ],
      ['Proxy Error The proxy server received an invalid response from an upstream server.', 'http-502', LB],
      [
        '(70007)The timeout specified has expired: AH01102: error reading status line from remote server 10.0.1.5:8080',
        'nginx-upstream-read-timeout',
        DEPENDENCIES,
      ],
    ],
  },
  {
    // https://www.envoyproxy.io/docs/envoy/latest/faq/debugging
    from: 'Envoy 1.30',
    messages: [
      [
        'upstream connect error or disconnect/reset before headers. reset reason: connection failure, transport failure reason: delayed connect error: 111',
        'proxy-upstream-refused',
        LB,
      ],
      [
        'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
        'nginx-upstream-closed',
        LB,
      ],
      ['no healthy upstream', 'no-live-upstream', LB],
      ['upstream request timeout', 'nginx-upstream-read-timeout', DEPENDENCIES],
    ],
  },
  {
    // java.net, sun.security.ssl; org.apache.httpcomponents 4.5; HikariCP 5; Netty 4.1
    from: 'Java 8 to 21 and its libraries',
    messages: [
      ['java.net.ConnectException: Connection refused (Connection refused)', 'connection-refused', LB],
      ['java.net.ConnectException: Connection refused', 'connection-refused', LB],
      ['java.net.ConnectException: Connection timed out (Connection timed out)', 'connection-timed-out', SG],
      ['java.net.SocketTimeoutException: connect timed out', 'connection-timed-out', SG],
      ['java.net.SocketTimeoutException: Connect timed out', 'connection-timed-out', SG],
      ['java.net.SocketTimeoutException: Read timed out', 'answer-timed-out', DEPENDENCIES],
      ['java.net.UnknownHostException: orders-db: Name or service not known', 'name-not-resolved', DNS],
      ['java.net.UnknownHostException: orders-db', 'name-not-resolved', DNS],
      ['java.net.NoRouteToHostException: No route to host (Host unreachable)', 'no-route-to-host', ROUTES],
      ['java.net.SocketException: Connection reset', 'connection-reset', LB],
      ['java.net.SocketException: Broken pipe (Write failed)', 'connection-reset', LB],
      [
        'org.apache.http.conn.HttpHostConnectException: Connect to 10.0.1.5:8080 [/10.0.1.5] failed: Connection refused (Connection refused)',
        'connection-refused',
        LB,
      ],
      [
        'org.apache.http.conn.ConnectTimeoutException: Connect to stock.example.com:443 [stock.example.com/10.0.3.9] failed: connect timed out',
        'connection-timed-out',
        SG,
      ],
      ['org.apache.http.NoHttpResponseException: stock.example.com:443 failed to respond', 'empty-reply', LB],
      [
        'io.netty.channel.ConnectTimeoutException: connection timed out: stock.example.com/10.0.3.9:443',
        'connection-timed-out',
        SG,
      ],
      [
        'io.netty.channel.AbstractChannel$AnnotatedConnectException: Connection refused: stock.example.com/10.0.3.9:443',
        'connection-refused',
        LB,
      ],
      ['java.net.http.HttpTimeoutException: request timed out', 'answer-timed-out', DEPENDENCIES],
      ['java.net.http.HttpConnectTimeoutException: HTTP connect timed out', 'connection-timed-out', SG],
      [
        'javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target',
        'certificate-not-trusted',
        DNS,
      ],
      ['javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure', 'tls-handshake-failed', DNS],
      ['javax.net.ssl.SSLException: Unsupported or unrecognized SSL message', 'tls-on-plain-port', LB],
      [
        'javax.net.ssl.SSLHandshakeException: No subject alternative DNS name matching shop.example.com found.',
        'certificate-name-mismatch',
        DNS,
      ],
      ['java.security.cert.CertificateExpiredException: NotAfter: Sun Jan 04 23:59:59 UTC 2026', 'certificate-expired', DNS],
      ['java.lang.OutOfMemoryError: Java heap space', 'out-of-memory', CAPACITY],
      [
        'java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached',
        'out-of-memory',
        CAPACITY,
      ],
      [
        'java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms.',
        'pool-exhausted',
        DEPENDENCIES,
      ],
      ['java.io.IOException: Server returned HTTP response code: 503 for URL: https://stock.example.com/api', 'http-503', LB],
      ['org.springframework.web.client.HttpServerErrorException$BadGateway: 502 Bad Gateway: [no body]', 'http-502', LB],
      [
        'org.postgresql.util.PSQLException: Connection to orders-db:5432 refused. Check that the hostname and port are correct and that the postmaster is accepting TCP/IP connections.',
        'database-refused',
        DEPENDENCIES,
      ],
      ['org.postgresql.util.PSQLException: The connection attempt failed.', 'database-timed-out', SG],
      ['com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure', 'database-not-ready', DEPENDENCIES],
      ['java.lang.ClassNotFoundException: com.example.Shop', 'service-does-not-start', CHANGED],
      ['java.io.IOException: Too many open files', 'too-many-files', CAPACITY],
    ],
  },
  {
    // CPython errno and socket messages; urllib3 2, requests 2.31, botocore 1.34, gunicorn 21, SQLAlchemy 2, redis-py 5, PyMySQL 1
    from: 'Python 3.11 and its libraries',
    messages: [
      ['ConnectionRefusedError: [Errno 111] Connection refused', 'connection-refused', LB],
      ["ConnectionRefusedError: [Errno 111] Connect call failed ('10.0.1.5', 8080)", 'connection-refused', LB],
      [
        "requests.exceptions.ConnectionError: HTTPConnectionPool(host='10.0.1.5', port=8080): Max retries exceeded with url: /health (Caused by NewConnectionError('<urllib3.connection.HTTPConnection object at 0x7f0c94c3eb70>: Failed to establish a new connection: [Errno 111] Connection refused'))",
        'connection-refused',
        LB,
      ],
      [
        "requests.exceptions.ConnectTimeout: HTTPSConnectionPool(host='stock.example.com', port=443): Max retries exceeded with url: /api (Caused by ConnectTimeoutError(<urllib3.connection.HTTPSConnection object at 0x7f3a2c1d8e50>, 'Connection to stock.example.com timed out. (connect timeout=15)'))",
        'connection-timed-out',
        SG,
      ],
      [
        "requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='stock.example.com', port=443): Read timed out. (read timeout=5)",
        'answer-timed-out',
        DEPENDENCIES,
      ],
      [
        "urllib3.exceptions.MaxRetryError: HTTPSConnectionPool(host='stock.example.com', port=443): Max retries exceeded with url: / (Caused by NameResolutionError(\"<urllib3.connection.HTTPSConnection object at 0x7f0c94c3eb70>: Failed to resolve 'stock.example.com' ([Errno -2] Name or service not known)\"))",
        'name-not-resolved',
        DNS,
      ],
      ['TimeoutError: [Errno 110] Connection timed out', 'connection-timed-out', SG],
      ['socket.gaierror: [Errno -2] Name or service not known', 'name-not-resolved', DNS],
      ['socket.gaierror: [Errno -3] Temporary failure in name resolution', 'resolver-out-of-reach', DNS],
      ['OSError: [Errno 113] No route to host', 'no-route-to-host', ROUTES],
      ['OSError: [Errno 101] Network is unreachable', 'no-route-to-host', ROUTES],
      [
        "requests.exceptions.ConnectionError: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
        'connection-reset',
        LB,
      ],
      [
        "requests.exceptions.ConnectionError: ('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))",
        'empty-reply',
        LB,
      ],
      [
        'ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1007)',
        'certificate-expired',
        DNS,
      ],
      [
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'shop.example.com'. (_ssl.c:1007)",
        'certificate-name-mismatch',
        DNS,
      ],
      [
        '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1007)',
        'certificate-not-trusted',
        DNS,
      ],
      ['requests.exceptions.HTTPError: 502 Server Error: Bad Gateway for url: https://stock.example.com/api', 'http-502', LB],
      [
        'requests.exceptions.HTTPError: 429 Client Error: Too Many Requests for url: https://pay.example.com/v1',
        'http-429',
        DEPENDENCIES,
      ],
      ['requests.exceptions.TooManyRedirects: Exceeded 30 redirects.', 'redirect-loop', LB],
      ['[2026-01-05 14:02:11 +0000] [7] [CRITICAL] WORKER TIMEOUT (pid:9)', 'worker-timeout', DEPENDENCIES],
      ['[ERROR] Worker (pid:9) was sent SIGKILL! Perhaps out of memory?', 'worker-timeout', DEPENDENCIES],
      [
        'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00',
        'pool-exhausted',
        DEPENDENCIES,
      ],
      [
        'redis.exceptions.ConnectionError: Error 111 connecting to sessions:6379. Connection refused.',
        'database-refused',
        DEPENDENCIES,
      ],
      [
        "pymysql.err.OperationalError: (2003, \"Can't connect to MySQL server on 'orders-db' ([Errno 111] Connection refused)\")",
        'database-refused',
        DEPENDENCIES,
      ],
      [
        "pymysql.err.OperationalError: (2003, \"Can't connect to MySQL server on 'orders-db' (timed out)\")",
        'database-timed-out',
        SG,
      ],
      ["ModuleNotFoundError: No module named 'shop'", 'service-does-not-start', CHANGED],
      ['botocore.exceptions.NoCredentialsError: Unable to locate credentials', 'aws-no-credentials', IAM],
      [
        'botocore.exceptions.EndpointConnectionError: Could not connect to the endpoint URL: "https://s3.eu-west-1.amazonaws.com/"',
        'aws-endpoint-unreachable',
        ROUTES,
      ],
      [
        'botocore.exceptions.ConnectTimeoutError: Connect timeout on endpoint URL: "https://sqs.eu-west-1.amazonaws.com/"',
        'aws-endpoint-unreachable',
        ROUTES,
      ],
    ],
  },
  {
    // lib/internal/errors.js, libuv error names; undici 6; axios 1; node-postgres 8
    from: 'Node 18 to 24 and its libraries',
    messages: [
      ['Error: connect ECONNREFUSED 127.0.0.1:5432', 'connection-refused', LB],
      ['Error: connect ETIMEDOUT 10.0.2.10:5432', 'connection-timed-out', SG],
      ['Error: connect EHOSTUNREACH 10.0.2.10:5432', 'no-route-to-host', ROUTES],
      ['Error: connect ENETUNREACH 2600:1f18::5:443', 'no-route-to-host', ROUTES],
      ['Error: read ECONNRESET', 'connection-reset', LB],
      ['Error: socket hang up', 'connection-reset', LB],
      ['Error: write EPIPE', 'connection-reset', LB],
      ['Error: getaddrinfo ENOTFOUND orders-db', 'name-not-resolved', DNS],
      ['Error: getaddrinfo EAI_AGAIN orders-db', 'resolver-out-of-reach', DNS],
      ['Error: listen EADDRINUSE: address already in use :::3000', 'port-taken', LB],
      [
        'TypeError: fetch failed [cause]: ConnectTimeoutError: Connect Timeout Error (attempted address: stock.example.com:443, timeout: 10000ms)',
        'connection-timed-out',
        SG,
      ],
      [
        'TypeError: fetch failed cause: Connect Timeout Error (attempted addresses: 10.0.3.9:443, 10.0.4.9:443, timeout: 10000ms)',
        'connection-timed-out',
        SG,
      ],
      ['TypeError: fetch failed [cause]: HeadersTimeoutError: Headers Timeout Error', 'answer-timed-out', DEPENDENCIES],
      ['TypeError: fetch failed [cause]: SocketError: other side closed', 'connection-reset', LB],
      ['AxiosError: Request failed with status code 503', 'http-503', LB],
      ['AxiosError: timeout of 5000ms exceeded', 'answer-timed-out', DEPENDENCIES],
      ['Error: certificate has expired code: CERT_HAS_EXPIRED', 'certificate-expired', DNS],
      ['Error: unable to verify the first certificate code: UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate-not-trusted', DNS],
      [
        "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: shop.example.com. is not in the cert's altnames: DNS:www.example.com",
        'certificate-name-mismatch',
        DNS,
      ],
      ['Error: write EPROTO 140:error:1408F10B:SSL routines:ssl3_get_record:wrong version number', 'tls-on-plain-port', LB],
      ['Error: Client network socket disconnected before secure TLS connection was established', 'tls-handshake-failed', DNS],
      ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', 'out-of-memory', CAPACITY],
      ["Error: EMFILE: too many open files, open '/srv/shop/a.json'", 'too-many-files', CAPACITY],
      ["Error: ENOSPC: no space left on device, write '/var/log/shop.log'", 'disk-full', CAPACITY],
      ['Error: Connection terminated unexpectedly', 'database-not-ready', DEPENDENCIES],
      ['Error: timeout exceeded when trying to connect', 'pool-exhausted', DEPENDENCIES],
      ["Error: Cannot find module '/srv/shop/server.js'", 'service-does-not-start', CHANGED],
      ['CredentialsProviderError: Could not load credentials from any providers', 'aws-no-credentials', IAM],
    ],
  },
  {
    // net, net/http, crypto/tls, crypto/x509 of the standard library; aws-sdk-go 1 and 2; grpc-go
    from: 'Go 1.21 and its libraries',
    messages: [
      ['dial tcp 10.0.1.5:8080: connect: connection refused', 'connection-refused', LB],
      ['dial tcp 10.0.2.10:5432: i/o timeout', 'connection-timed-out', SG],
      ['dial tcp 10.0.2.10:5432: connect: connection timed out', 'connection-timed-out', SG],
      ['dial tcp 10.0.2.10:5432: connect: no route to host', 'no-route-to-host', ROUTES],
      ['dial tcp: lookup orders-db on 10.0.0.2:53: no such host', 'name-not-resolved', DNS],
      ['dial tcp: lookup orders-db: i/o timeout', 'resolver-out-of-reach', DNS],
      ['dial tcp: lookup orders-db on 10.0.0.2:53: server misbehaving', 'resolver-out-of-reach', DNS],
      [
        'dial tcp: lookup orders-db on 10.0.0.2:53: read udp 10.0.1.5:42152->10.0.0.2:53: i/o timeout',
        'resolver-out-of-reach',
        DNS,
      ],
      ['read tcp 10.0.1.5:42152->10.0.2.10:5432: read: connection reset by peer', 'connection-reset', LB],
      ['write tcp 10.0.1.5:42152->10.0.2.10:5432: write: broken pipe', 'connection-reset', LB],
      [
        'Get "https://stock.example.com/api": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
        'answer-timed-out',
        DEPENDENCIES,
      ],
      ['context deadline exceeded', 'answer-timed-out', DEPENDENCIES],
      ['net/http: TLS handshake timeout', 'tls-handshake-timeout', CAPACITY],
      [
        'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-01-05T14:02:11Z is after 2026-01-04T23:59:59Z',
        'certificate-expired',
        DNS,
      ],
      ['x509: certificate is valid for www.example.com, not shop.example.com', 'certificate-name-mismatch', DNS],
      ['x509: certificate signed by unknown authority', 'certificate-not-trusted', DNS],
      ['http: server gave HTTP response to HTTPS client', 'tls-on-plain-port', LB],
      ['tls: first record does not look like a TLS handshake', 'tls-on-plain-port', LB],
      ['remote error: tls: handshake failure', 'tls-handshake-failed', DNS],
      ['listen tcp :8080: bind: address already in use', 'port-taken', LB],
      ['accept tcp [::]:8080: accept4: too many open files', 'too-many-files', CAPACITY],
      [
        'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.0.3.9:50051: connect: connection refused"',
        'connection-refused',
        LB,
      ],
      ['rpc error: code = Unavailable desc = error reading from server: EOF', 'grpc-unavailable', LB],
      ['Error: 14 UNAVAILABLE: No connection established', 'grpc-unavailable', LB],
      ['rpc error: code = DeadlineExceeded desc = context deadline exceeded', 'answer-timed-out', DEPENDENCIES],
      ['NoCredentialProviders: no valid providers in chain. Deprecated.', 'aws-no-credentials', IAM],
      [
        'operation error S3: GetObject, get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, exceeded maximum number of attempts, 3',
        'aws-no-credentials',
        IAM,
      ],
    ],
  },
  {
    // src/interfaces/libpq/fe-connect.c, src/backend: PostgreSQL 10 to 16
    from: 'psql and PostgreSQL 10 to 16',
    messages: [
      [
        'psql: error: connection to server at "orders-db" (10.0.2.10), port 5432 failed: Connection refused Is the server running on that host and accepting TCP/IP connections?',
        'database-refused',
        DEPENDENCIES,
      ],
      [
        'psql: error: connection to server at "orders-db" (10.0.2.10), port 5432 failed: Connection timed out\n\tIs the server running on that host and accepting TCP/IP connections?',
        'database-timed-out',
        SG,
      ],
      ['connection to server at "orders-db" (10.0.2.10), port 5432 failed: timeout expired', 'database-timed-out', SG],
      [
        'psql: could not connect to server: Connection refused\n\tIs the server running on host "orders-db" (10.0.2.10) and accepting\n\tTCP/IP connections on port 5432?',
        'database-refused',
        DEPENDENCIES,
      ],
      [
        'could not connect to server: Connection timed out Is the server running on host "orders-db" (10.0.2.10) and accepting TCP/IP connections on port 5432?',
        'database-timed-out',
        SG,
      ],
      [
        'connection to server at "orders-db" (2406:da1a:6b0::12), port 5432 failed: Network is unreachable Is the server running on that host and accepting TCP/IP connections?',
        'no-route-to-host',
        ROUTES,
      ],
      ['psql: error: could not translate host name "orders-db" to address: Name or service not known', 'name-not-resolved', DNS],
      [
        'could not translate host name "orders-db" to address: Temporary failure in name resolution',
        'resolver-out-of-reach',
        DNS,
      ],
      ['FATAL: password authentication failed for user "shop"', 'database-login-refused', DEPENDENCIES],
      [
        'FATAL: no pg_hba.conf entry for host "10.0.1.5", user "shop", database "orders", no encryption',
        'database-login-refused',
        DEPENDENCIES,
      ],
      ['FATAL: sorry, too many clients already', 'database-full', DEPENDENCIES],
      ['FATAL: remaining connection slots are reserved for non-replication superuser connections', 'database-full', DEPENDENCIES],
      ['FATAL: the database system is starting up', 'database-not-ready', DEPENDENCIES],
      ['FATAL: terminating connection due to administrator command', 'database-not-ready', DEPENDENCIES],
      [
        'server closed the connection unexpectedly This probably means the server terminated abnormally before or while processing the request.',
        'database-not-ready',
        DEPENDENCIES,
      ],
      ['ERROR: cannot execute UPDATE in a read-only transaction', 'database-read-only', DEPENDENCIES],
      ['ERROR: canceling statement due to statement timeout', 'database-slow', DEPENDENCIES],
      ['ERROR: deadlock detected', 'database-slow', DEPENDENCIES],
      ['FATAL: database "orders" does not exist', 'database-missing', CHANGED],
      ['ERROR: relation "orders" does not exist', 'database-missing', CHANGED],
      ['ERROR: could not extend file "base/16384/16397": No space left on device', 'disk-full', CAPACITY],
    ],
  },
  {
    // https://dev.mysql.com/doc/mysql-errors/8.0/en/
    from: 'MySQL 5.7 and 8.0',
    messages: [
      ["ERROR 2003 (HY000): Can't connect to MySQL server on 'orders-db:3306' (111)", 'database-refused', DEPENDENCIES],
      ["ERROR 2003 (HY000): Can't connect to MySQL server on 'orders-db' (110)", 'database-timed-out', SG],
      ["ERROR 2002 (HY000): Can't connect to MySQL server on 'orders-db' (115)", 'database-timed-out', SG],
      ["ERROR 2005 (HY000): Unknown MySQL server host 'orders-db' (-2)", 'name-not-resolved', DNS],
      [
        "ERROR 1045 (28000): Access denied for user 'shop'@'10.0.1.5' (using password: YES)",
        'database-login-refused',
        DEPENDENCIES,
      ],
      ['ERROR 1040 (HY000): Too many connections', 'database-full', DEPENDENCIES],
      [
        "ERROR 2013 (HY000): Lost connection to MySQL server at 'reading initial communication packet', system error: 110",
        'database-not-ready',
        DEPENDENCIES,
      ],
      ['ERROR 2006 (HY000): MySQL server has gone away', 'database-not-ready', DEPENDENCIES],
      [
        'ERROR 1290 (HY000): The MySQL server is running with the --read-only option so it cannot execute this statement',
        'database-read-only',
        DEPENDENCIES,
      ],
      ['ERROR 1205 (HY000): Lock wait timeout exceeded; try restarting transaction', 'database-slow', DEPENDENCIES],
      ["ERROR 1049 (42000): Unknown database 'orders'", 'database-missing', CHANGED],
    ],
  },
  {
    // https://redis.io/docs/latest: redis-cli, server replies
    from: 'Redis 7',
    messages: [
      ['Could not connect to Redis at sessions:6379: Connection refused', 'database-refused', DEPENDENCIES],
      ['Could not connect to Redis at sessions:6379: Connection timed out', 'database-timed-out', SG],
      ["(error) OOM command not allowed when used memory > 'maxmemory'.", 'cache-full', DEPENDENCIES],
      ["(error) READONLY You can't write against a read only replica.", 'database-read-only', DEPENDENCIES],
      ['(error) NOAUTH Authentication required.', 'database-login-refused', DEPENDENCIES],
      ['(error) LOADING Redis is loading the dataset in memory', 'database-not-ready', DEPENDENCIES],
    ],
  },
  {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html; AWS CLI 2, SDKs, service references
    from: 'AWS services, CLI and SDKs',
    messages: [
      [
        'An error occurred (AccessDenied) when calling the ListObjectsV2 operation: User: arn:aws:sts::123456789012:assumed-role/shop-instance/i-0a1 is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::shop-assets" because no identity-based policy allows the s3:ListBucket action',
        'aws-access-denied',
        IAM,
      ],
      ['An error occurred (AccessDenied) when calling the GetObject operation: Access Denied', 'aws-access-denied', IAM],
      ['<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>', 'aws-access-denied', IAM],
      [
        'An error occurred (UnauthorizedOperation) when calling the DescribeInstances operation: You are not authorized to perform this operation.',
        'aws-access-denied',
        IAM,
      ],
      [
        'AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/shop-instance/i-0a1 is not authorized to perform: secretsmanager:GetSecretValue on resource: orders-db because no identity-based policy allows the secretsmanager:GetSecretValue action',
        'aws-access-denied',
        IAM,
      ],
      [
        'User: arn:aws:sts::123456789012:assumed-role/shop-instance/i-0a1 is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:eu-west-1:123456789012:table/carts with an explicit deny in a service control policy',
        'aws-explicit-deny',
        IAM,
      ],
      [
        'User: arn:aws:sts::123456789012:assumed-role/shop-instance/i-0a1 is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::shop-assets/a with an explicit deny in an identity-based policy',
        'aws-explicit-deny',
        IAM,
      ],
      [
        'User: arn:aws:iam::123456789012:user/ana is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/deploy',
        'aws-assume-role-denied',
        IAM,
      ],
      [
        'User: arn:aws:sts::123456789012:assumed-role/shop-instance/i-0a1 is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:123456789012:key/89caff99-6669-437c-b0bf-94c8732637f6 because no identity-based policy allows the kms:Decrypt action',
        'aws-key-denied',
        IAM,
      ],
      ['Unable to locate credentials. You can configure credentials by running "aws configure".', 'aws-no-credentials', IAM],
      [
        'software.amazon.awssdk.core.exception.SdkClientException: Unable to load credentials from any of the providers in the chain AwsCredentialsProviderChain',
        'aws-no-credentials',
        IAM,
      ],
      [
        'An error occurred (ExpiredToken) when calling the GetObject operation: The provided token has expired.',
        'aws-credentials-expired',
        IAM,
      ],
      [
        'An error occurred (ExpiredTokenException) when calling the GetItem operation: The security token included in the request is expired',
        'aws-credentials-expired',
        IAM,
      ],
      ['InvalidClientTokenId: The security token included in the request is invalid.', 'aws-credentials-invalid', IAM],
      [
        'SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided.',
        'aws-credentials-invalid',
        IAM,
      ],
      [
        'An error occurred (Throttling) when calling the DescribeAutoScalingGroups operation: Rate exceeded',
        'aws-throttled',
        CAPACITY,
      ],
      [
        'An error occurred (RequestLimitExceeded) when calling the DescribeInstances operation: Request limit exceeded.',
        'aws-throttled',
        CAPACITY,
      ],
      [
        'ProvisionedThroughputExceededException: The level of configured provisioned throughput for the table was exceeded.',
        'aws-throttled',
        CAPACITY,
      ],
      ['SlowDown: Please reduce your request rate.', 'aws-throttled', CAPACITY],
      [
        'Launching a new EC2 instance. Status Reason: We currently do not have sufficient t3.medium capacity in the Availability Zone you requested (eu-west-1a). Launching EC2 instance failed.',
        'aws-no-capacity',
        CAPACITY,
      ],
      [
        'An error occurred (VcpuLimitExceeded) when calling the RunInstances operation: You have requested more vCPU capacity than your current vCPU limit of 32 allows',
        'aws-no-capacity',
        CAPACITY,
      ],
      [
        "Launching a new EC2 instance. Status Reason: The image id '[ami-0abc]' does not exist. Launching EC2 instance failed.",
        'aws-launch-broken',
        CAPACITY,
      ],
      ['InvalidAMIID.NotFound', 'aws-launch-broken', CAPACITY],
      ['Client.InternalError: Client error on launch', 'aws-key-denied', IAM],
      [
        'An error occurred (NoSuchBucket) when calling the PutObject operation: The specified bucket does not exist',
        'aws-resource-missing',
        CHANGED,
      ],
      ['ResourceNotFoundException: Requested resource not found: Table: carts not found', 'aws-resource-missing', CHANGED],
      ['2026-01-05T14:02:11.000Z 8e1f Task timed out after 3.00 seconds', 'lambda-timed-out', DEPENDENCIES],
      ['RequestId: 8e1f Error: Runtime exited with error: signal: killed Runtime.ExitError', 'lambda-killed', CAPACITY],
      ['Instance reachability check failed at January 5, 2026 at 14:02:00 UTC', 'instance-impaired', LB],
    ],
  },
  {
    // mm/oom_kill.c, net/netfilter, systemd.exec(5), bind-utils, OpenSSH, iputils, netcat-openbsd
    from: 'Linux and its tools',
    messages: [
      ['[ 1234.567] Out of memory: Killed process 2134 (java) total-vm:4021212kB, anon-rss:1821212kB', 'out-of-memory', CAPACITY],
      ['-bash: fork: Cannot allocate memory', 'out-of-memory', CAPACITY],
      ['write error: No space left on device', 'disk-full', CAPACITY],
      ['/dev/nvme0n1p1 8.0G 8.0G 20K 100% /', 'disk-full', CAPACITY],
      ['cp: cannot create regular file: Read-only file system', 'disk-read-only', LB],
      ['nf_conntrack: nf_conntrack: table full, dropping packet', 'connection-table-full', CAPACITY],
      ['TCP: request_sock_TCP: Possible SYN flooding on port 80. Sending cookies.', 'connection-table-full', CAPACITY],
      ['shop.service: Main process exited, code=exited, status=1/FAILURE', 'service-does-not-start', CHANGED],
      ["shop.service: Failed with result 'exit-code'.", 'service-does-not-start', CHANGED],
      ['Failed to start shop.service - The shop.', 'service-does-not-start', CHANGED],
      ['ssh: connect to host 10.0.1.5 port 22: Connection timed out', 'ssh-timed-out', SG],
      ['ssh: connect to host 10.0.1.5 port 22: Connection refused', 'ssh-refused', LB],
      ['ssh: connect to host 10.0.1.5 port 22: No route to host', 'no-route-to-host', ROUTES],
      ['nc: connect to orders-db port 5432 (tcp) failed: Connection refused', 'connection-refused', LB],
      ['telnet: Unable to connect to remote host: Connection refused', 'connection-refused', LB],
      ['telnet: Unable to connect to remote host: Connection timed out', 'connection-timed-out', SG],
      ['From 10.0.1.9 icmp_seq=1 Destination Host Unreachable', 'no-route-to-host', ROUTES],
      ['4 packets transmitted, 0 received, 100% packet loss, time 3061ms', 'packets-lost', SG],
      [';; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 4242', 'name-does-not-exist', DNS],
      [';; ->>HEADER<<- opcode: QUERY, status: SERVFAIL, id: 4242', 'zone-broken', DNS],
      ["** server can't find shop.example.com: NXDOMAIN", 'name-does-not-exist', DNS],
      ['Host shop.example.com not found: 3(NXDOMAIN)', 'name-does-not-exist', DNS],
      [';; connection timed out; no servers could be reached', 'resolver-out-of-reach', DNS],
      [';; communications error to 10.0.0.2#53: timed out', 'resolver-out-of-reach', DNS],
    ],
  },
  {
    from: 'people in incident channels',
    messages: [
      ['Checkout returns 502', 'http-502', LB],
      ['502s on checkout since 14:02', 'http-502', LB],
      ['we get a lot of 504 errors', 'http-504', LB],
      ['the shop shows 503', 'http-503', LB],
      ['502 Bad Gateway from shop.example.com', 'http-502', LB],
      ['500 Internal Server Error', 'http-500', CHANGED],
      ['users see 403', 'http-403', IAM],
      ['GET /cart -> 404 Not Found', 'http-404', CHANGED],
      ['the site times out', 'timed-out', SG],
      ['connection refused on the admin page', 'connection-refused', LB],
      ['shop is very slow', 'slow', CAPACITY],
      ['CPU at 98%', 'slow', CAPACITY],
      ['AccessDenied in the application log', 'aws-access-denied', IAM],
    ],
  },
];

/** Real messages that are not recognised, or not as what they are, and why that is accepted. */
export const KNOWN_MISSES: readonly { readonly message: string; readonly why: string }[] = [
  { message: 'Error: EOF', why: 'Go says so of any connection that was closed: too little to point anywhere.' },
  { message: 'TypeError: Failed to fetch', why: 'Chrome hides the reason from the page; the console has it.' },
  { message: 'Safari can’t establish a secure connection to the server', why: 'Safari says the same of every failure of TLS.' },
  { message: 'Connexion refusée', why: 'Messages are known in English: run the program with LC_ALL=C.' },
];

/** What people type that is no error message, although it looks like one. */
export const NO_SYMPTOMS: readonly string[] = [
  'Checkout button is missing for some users',
  'order 502 was shipped twice',
  'We sold 504 items yesterday',
  'Ana Ruiz has joined the channel',
  'release 5.0.3 is out',
  'the port is 5432',
  'see runbook page 404',
  '¯\\_(ツ)_/¯',
  '',
];
