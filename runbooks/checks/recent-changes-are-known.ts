import { defineCheck, pass, unknown } from '../../src/runbook/define-check.ts';
import type { Change, Changes } from '../../src/runbook/entities.ts';
import { fact, isUnreadable, maybe } from '../../src/runbook/facts.ts';
import { change, changes } from './examples/changes.ts';
import { group, serviceMap } from './examples/service-map.ts';
import { changeLine, countsByPerson, deployedLines, newestLine } from './words/changes.ts';

/** A change that breaks something is mostly young; further back lies yesterday's deployment. */
const HOURS = 6;
/** Lines of one person's changes; beyond it their number is told. */
const SHOWN_EACH_MAX = 8;
/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html */
const TRAIL_LATE = 'CloudTrail tells of a call about 5 minutes after it, sometimes 15: the newest may be missing.';

/** Who changed what of this service lately? A change is no fault: it passes whenever the answer is known. */
export const recentChangesAreKnown = defineCheck({
  id: 'recent-changes-are-known',
  title: 'What changed',
  looksAt: `CloudTrail of the last ${HOURS} hours for this service's resources, by person, newest first; launch template versions.`,
  tells: 'Changed',
  needs: ({ id }) => ({
    changes: fact('changes', { serviceId: id, hours: String(HOURS) }),
    map: maybe(fact('service-map', { serviceId: id })),
  }),
  evaluate: ({ changes, map }, _service, now) => {
    const writes = changes.changes.filter(({ readOnly }) => !readOnly);
    const done = writes.filter(({ error }) => error === undefined);
    const people = done.filter(({ byAws }) => byAws !== true);
    const refused = writes.filter(({ error }) => error !== undefined);
    const evidence = [
      ...byPerson(people),
      ...byPerson(done.filter(({ byAws }) => byAws)),
      ...byPerson(refused),
      ...(isUnreadable(map) ? [] : deployedLines(map, now)),
      ...(changes.complete ? [] : ['The trail could not be read to its end: older changes may be missing.']),
      TRAIL_LATE,
    ];
    const [newest] = people;
    if (newest !== undefined) return pass(`${newestLine(newest, now)}; ${howMany(people, changes)}.`, evidence);
    if (!changes.complete) return unknown('No change was seen, and the trail could not be read to its end.', evidence);
    return pass(`Nobody changed anything of this service in the last ${HOURS} hours, as far as CloudTrail knows.`, evidence);
  },
  examples: [
    {
      name: 'nobody changed anything',
      facts: { changes: changes([]), map: serviceMap() },
      verdict: 'pass',
      names: ['Nobody changed anything', '6 hours'],
    },
    {
      name: 'the newest change first, with who and how long ago',
      facts: {
        changes: changes([
          change(),
          change({
            at: '2026-01-05T12:30:00.000Z',
            by: 'pipeline',
            action: 'CreateLaunchTemplateVersion',
            resources: ['lt-1', 'version 8'],
          }),
          change({ at: '2026-01-05T12:00:00.000Z', action: 'ModifyTargetGroup' }),
        ]),
        map: serviceMap(),
      },
      verdict: 'pass',
      names: [
        'acl-app: CreateNetworkAclEntry by marta 4 min ago',
        '2 by marta, 1 by pipeline',
        'ruleNumber=50',
        'lt-1, version 8',
      ],
    },
    {
      name: 'what AWS does by itself is not somebody’s change',
      facts: { changes: changes([change({ by: 'AutoScaling', byAws: true, action: 'RegisterTargets' })]), map: serviceMap() },
      verdict: 'pass',
      names: ['Nobody changed anything', 'AutoScaling: RegisterTargets'],
    },
    {
      name: 'what was refused is told apart',
      facts: { changes: changes([change({ error: 'UnauthorizedOperation' })]), map: serviceMap() },
      verdict: 'pass',
      names: ['Nobody changed anything', 'refused: UnauthorizedOperation'],
    },
    {
      name: 'a part of the trail is worth more than nothing',
      facts: { changes: changes([change()], { complete: false }), map: serviceMap() },
      verdict: 'pass',
      names: ['acl-app', 'could not be read to its end', 'at least 1'],
    },
    {
      name: 'which version of the launch template runs, whenever it was rolled out',
      facts: {
        changes: changes([]),
        map: serviceMap({
          groups: [
            {
              ...group,
              templateVersion: '7',
              members: group.members.map((one, index) => ({ ...one, launchTemplateVersion: index === 0 ? '6' : '7' })),
            },
          ],
        }),
      },
      verdict: 'pass',
      names: ['version 7 runs on 2, version 6 on 1', 'the next launch takes version 7'],
    },
    {
      name: 'nothing seen in a part of the trail',
      facts: { changes: changes([], { complete: false }), map: serviceMap() },
      verdict: 'unknown',
    },
    {
      name: 'the trail may not be read',
      facts: {
        changes: {
          unreadable: 'denied',
          because: 'The bot may not call cloudtrail:LookupEvents.',
          permission: 'cloudtrail:LookupEvents',
        } as never,
        map: serviceMap(),
      },
      verdict: 'unknown',
      names: ['cloudtrail:LookupEvents'],
    },
  ],
});

const howMany = (people: readonly Change[], { complete }: Changes): string =>
  `${complete ? '' : 'at least '}${people.length} ${people.length === 1 ? 'change' : 'changes'} in ${HOURS} h (${countsByPerson(people)})`;

/** Grouped by who did it, whoever did the newest first. */
const byPerson = (list: readonly Change[]): readonly string[] =>
  [...Map.groupBy(list, ({ by }) => by)].flatMap(([by, mine]) => [
    ...mine.slice(0, SHOWN_EACH_MAX).map(changeLine),
    ...(mine.length > SHOWN_EACH_MAX ? [`${by}: ${mine.length - SHOWN_EACH_MAX} older changes`] : []),
  ]);
