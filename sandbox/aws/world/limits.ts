/**
 * The world's constants of nature. AWS promises few of these; where its documentation gives a number, the link is beside
 * it, the rest are what one sees on an ordinary day.
 */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** `pending` to `running`. */
export const RUNNING_AFTER_MS = 15 * SECOND_MS;
/** From `running` until the application listens: 45 s after the launch. */
export const APP_LISTENS_AFTER_MS = 30 * SECOND_MS;
/** How long status checks take to have a result: from `running`, when they are `initializing`, and after a change. */
export const STATUS_KNOWN_AFTER_MS = 2 * MINUTE_MS;
/** How long a reboot keeps an instance from answering. */
export const REBOOT_MS = 40 * SECOND_MS;
/** `shutting-down` to `terminated`. */
export const TERMINATED_AFTER_MS = 20 * SECOND_MS;
/** A terminated instance stays visible for about an hour. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html */
export const FORGOTTEN_AFTER_MS = HOUR_MS;

/** How long a group takes to act on what it sees. */
export const GROUP_LOOK_MS = 5 * SECOND_MS;
/** A failed launch is tried again after this long. */
export const LAUNCH_RETRY_MS = MINUTE_MS;
/** Attaching, or returning from standby, before the instance is in service again. */
export const MOVE_MS = 3 * SECOND_MS;

/** A snapshot takes a fixed time and then so much for each GiB of its volume. */
export const SNAPSHOT_BASE_MS = MINUTE_MS;
export const SNAPSHOT_PER_GIB_MS = 15 * SECOND_MS;

/** Run Command: from acceptance to the end of a document that is not held up. */
export const COMMAND_TAKES_MS = 8 * SECOND_MS;
/** GetCommandInvocation does not know a command in its first moment. */
export const COMMAND_VISIBLE_AFTER_MS = 500;

/** The range a load balancer and a Linux host choose return ports from. https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports */
export const EPHEMERAL_PORTS = { From: 1024, To: 65_535 } as const;

/** The trail's last events; CloudTrail's event history has 90 days of them, an always-on demo must not grow without end. */
export const TRAIL_EVENTS_MAX = 5_000;

/** One settle performs at most so many events; more means that the physics chases its own tail. */
export const EVENTS_MAX = 1_000_000;

/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachInstances.html, API_DetachInstances.html */
export const INSTANCES_PER_MOVE_MAX = 20;
/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceProtection.html */
export const INSTANCES_PER_PROTECTION_MAX = 50;
/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html */
export const INSTANCES_PER_COMMAND_MAX = 50;
export const COMMAND_TIMEOUT_SECONDS = { usual: 3_600, min: 30, max: 2_592_000 } as const;
/** GetCommandInvocation gives so much of the output; the rest is in a bucket, if one was named. */
export const COMMAND_OUTPUT_CHARACTERS_MAX = 24_000;
