import type { ServiceOperations } from '../../../operation.ts';
import type { WorldState } from '../../state/state.ts';
import { describeOperations } from './describe.ts';
import { describeSettingsOperations } from './describe-settings.ts';
import { moveOperations } from './moves.ts';
import { settingOperations } from './settings.ts';

export const autoscaling = (state: WorldState): ServiceOperations => ({
  ...describeOperations(state),
  ...describeSettingsOperations(state),
  ...moveOperations(state),
  ...settingOperations(state),
});
