/** Every method of the Web API that this workspace has; any other is answered as Slack does, with `unknown_method`. */
import { canvasMethods } from './canvases.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import { historyMethods } from './history.ts';
import { markMethods } from './marks.ts';
import { membershipMethods } from './membership.ts';
import type { Method } from './method.ts';
import { peopleMethods } from './people.ts';
import { viewMethods } from './views.ts';

export const METHODS: Readonly<Record<string, Method>> = {
  ...canvasMethods,
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...historyMethods,
  ...markMethods,
  ...membershipMethods,
  ...peopleMethods,
  ...viewMethods,
};

/** What a workspace grants an app that asks for everything here. */
export const ALL_SCOPES: readonly string[] = [...new Set(Object.values(METHODS).flatMap(({ scopes }) => scopes))].sort();
