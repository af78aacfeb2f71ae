"""Writes src/test/resources/golden/airflow_trigger_rules.csv: what Airflow's own TriggerRuleDep decides.

Every combination of up to four upstream states, for every trigger rule that the engine has.

    python3 -m venv airflow && airflow/bin/pip install apache-airflow-core==3.3.2
    airflow/bin/python engine/src/test/python/airflow_trigger_rules.py > engine/src/test/resources/golden/airflow_trigger_rules.csv
"""

import itertools
from types import SimpleNamespace

import airflow
from airflow.models import taskinstance  # noqa: F401  the rules import it while they run
from airflow.task.trigger_rule import TriggerRule
from airflow.ti_deps.dep_context import DepContext
from airflow.ti_deps.deps.trigger_rule_dep import TriggerRuleDep
from airflow.utils.state import TaskInstanceState

# None is any state that has not ended: Airflow only looks at those that have.
STATES = {
    "-": None,
    "S": TaskInstanceState.SUCCESS,
    "F": TaskInstanceState.FAILED,
    "K": TaskInstanceState.SKIPPED,
    "U": TaskInstanceState.UPSTREAM_FAILED,
}
RULES = sorted((r for r in TriggerRule if r != TriggerRule.ALL_DONE_SETUP_SUCCESS), key=str)


def operator(task_id, **more):
    return SimpleNamespace(task_id=task_id, is_setup=False, get_needs_expansion=lambda: False, **more)


def decide(rule, upstream):
    """R(un), W(ait), K: marked skipped, U: marked upstream_failed."""
    operators = [operator(f"up{i}") for i in range(len(upstream))]
    task = operator(
        "task",
        trigger_rule=rule,
        is_teardown=False,
        upstream_list=operators,
        upstream_task_ids={o.task_id for o in operators},
        get_upstreams_only_setups=lambda: [],
        get_closest_mapped_task_group=lambda: None,
    )
    marked = []
    ti = SimpleNamespace(
        task=task,
        map_index=-1,
        get_dagrun=lambda session: None,
        set_state=lambda state, session: marked.append(state) or True,
    )
    ended = [
        SimpleNamespace(task_id=o.task_id, task=o, state=STATES[s], map_index=-1)
        for o, s in zip(operators, upstream)
        if STATES[s] is not None
    ]
    context = DepContext(flag_upstream_failed=True, finished_tis=ended)
    passed = all(status.passed for status in TriggerRuleDep()._get_dep_statuses(ti, context, session=None))
    if marked:
        return {TaskInstanceState.SKIPPED: "K", TaskInstanceState.UPSTREAM_FAILED: "U"}[marked[-1]]
    return "R" if passed else "W"


print(f"# TriggerRuleDep of apache-airflow-core {airflow.__version__}, written by airflow_trigger_rules.py.")
print("# Upstream: - not ended, S success, F failed, K skipped, U upstream_failed. Decision: R run, W wait, K skip, U upstream_failed.")
print("upstream," + ",".join(str(rule) for rule in RULES))
for length in range(5):
    for upstream in itertools.product(STATES, repeat=length):
        print("".join(upstream) + "," + ",".join(decide(rule, upstream) for rule in RULES))
