import type { RecordedEvent, ResourceStable } from '@annal/domain';
import { stableChange } from '../changes.js';
import { deltaOf, type Node, type WorkingSet } from './working-set.js';

/** Folds a resource's stability, unless the resource is gone, stable already, or changed since its owner looked. */
export function evolveResourceStable(state: WorkingSet, event: RecordedEvent<ResourceStable>): void {
  const { level, id, asOf } = event.data;
  const node = nodesOf(state, level).get(id);
  if (node === undefined || node.stable || node.updatedPos > asOf) {
    state.outcomes.push({ event_id: event.id, outcome: { kind: 'ignored' } });
    return;
  }
  node.stable = true;
  if (node.row) node.row.stable = true;
  else deltaOf(node).stable = true;
  state.log(stableChange(level), level, node.key, id, event.position.offset, event.time);
}

function nodesOf(state: WorkingSet, level: 'Patient' | 'Study' | 'Series'): ReadonlyMap<string, Node> {
  return { Patient: state.patients, Study: state.studies, Series: state.series }[level];
}
