/** Modals and Home tabs: https://docs.slack.dev/surfaces/modals */
import type { View } from '@slack/types';
import { viewComplaints, viewWithIds } from './blocks/validate.ts';
import { VIEW_BYTES_MAX, VIEW_STACK_MAX } from './limits.ts';
import type { HomeTab, OpenView } from './model.ts';
import { SlackError } from './slack-error.ts';
import type { Store } from './store.ts';

/** Throws what Slack answers to a view that it does not take. */
export const checkedView = (store: Store, value: unknown, type: View['type'], replacing?: string): View => {
  const complaints = viewComplaints(value);
  if (complaints.length > 0) throw new SlackError('invalid_arguments', { complaints });
  const view = value as View;
  if (view.type !== type)
    throw new SlackError('invalid_arguments', { complaints: [`must be of type ${type} [json-pointer:/view/type]`] });
  if (Buffer.byteLength(JSON.stringify(view)) > VIEW_BYTES_MAX) throw new SlackError('view_too_large');
  const externalId = view.external_id ?? '';
  if (externalId !== '' && store.state.views.some((each) => each.view.external_id === externalId && each.id !== replacing))
    throw new SlackError('duplicate_external_id');
  return viewWithIds(view, () => store.nextId('b'));
};

const newHash = (store: Store): string => `${store.nowSeconds()}.${store.nextId('h')}`;
const stackOf = (store: Store, user: string): readonly OpenView[] => store.state.views.filter((view) => view.user === user);

/** A new modal takes the place of whatever the member had open. */
export const openView = (store: Store, user: string, value: unknown): OpenView => {
  const view = checkedView(store, value, 'modal');
  store.state.views = store.state.views.filter((each) => each.user !== user);
  const id = store.nextId('V');
  return laidOn(store, { id, user, rootId: id }, view);
};

export const pushView = (store: Store, user: string, value: unknown): OpenView => {
  const stack = stackOf(store, user);
  const [root, top] = [stack[0], stack.at(-1)];
  if (root === undefined || top === undefined) throw new SlackError('not_found');
  if (stack.length >= VIEW_STACK_MAX) throw new SlackError('push_limit_reached');
  const view = checkedView(store, value, 'modal');
  return laidOn(store, { id: store.nextId('V'), user, rootId: root.id, previousId: top.id }, view);
};

const laidOn = (store: Store, place: Pick<OpenView, 'id' | 'user' | 'rootId' | 'previousId'>, view: View): OpenView => {
  const open: OpenView = { ...place, view, hash: newHash(store), values: {}, errors: {}, busy: false };
  store.state.views.push(open);
  store.touch();
  return open;
};

export const findView = (
  store: Store,
  by: { readonly id?: string | undefined; readonly externalId?: string | undefined },
): OpenView => {
  const found = store.state.views.find((view) =>
    by.id !== undefined ? view.id === by.id : by.externalId !== undefined && view.view.external_id === by.externalId,
  );
  if (found === undefined) throw new SlackError('not_found');
  return found;
};

/** The hash guards against two updates crossing: https://docs.slack.dev/surfaces/modals#handling_race_conditions */
export const updateView = (store: Store, open: OpenView, value: unknown, hash?: string): OpenView => {
  if (hash !== undefined && hash !== '' && hash !== open.hash) throw new SlackError('hash_conflict');
  open.view = checkedView(store, value, 'modal', open.id);
  open.hash = newHash(store);
  open.errors = {};
  store.touch();
  return open;
};

/** Takes the view away with everything that lies on it; the ones that are gone, the top one first. */
export const closeView = (store: Store, open: OpenView): readonly OpenView[] => {
  const stack = stackOf(store, open.user);
  // Closed meanwhile: whoever waited for the app's answer may have gone on.
  if (!stack.includes(open)) return [];
  const gone = stack.slice(stack.indexOf(open)).reverse();
  store.state.views = store.state.views.filter((view) => !gone.includes(view));
  store.touch();
  return gone;
};

export const closeAllViews = (store: Store, user: string): readonly OpenView[] => {
  const root = stackOf(store, user)[0];
  return root === undefined ? [] : closeView(store, root);
};

export const publishHome = (store: Store, user: string, value: unknown, hash?: string): HomeTab => {
  const known = store.state.homes.find((home) => home.user === user);
  if (known !== undefined && hash !== undefined && hash !== '' && hash !== known.hash) throw new SlackError('hash_conflict');
  const view = checkedView(store, value, 'home');
  const home: HomeTab = { id: known?.id ?? store.nextId('V'), user, view, hash: newHash(store) };
  store.state.homes = [...store.state.homes.filter((each) => each.user !== user), home];
  store.touch();
  return home;
};
