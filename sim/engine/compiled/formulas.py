"""The formulas of sim.engine.rules and of the plan, compiled: written once, there."""

from __future__ import annotations

from sim.engine import rules
from sim.engine.compiled.jit import compiled
from sim.inputs import casework_plan

above_establishment_kept = compiled(rules.above_establishment_kept)
candidate_rate_ratio = compiled(rules.candidate_rate_ratio)
capacity_of = compiled(rules.capacity_of)
capped_ratio = compiled(rules.capped_ratio)
contagion_effect = compiled(rules.contagion_effect)
exponential = compiled(rules.exponential)
freed_share = compiled(rules.freed_share)
fte_over_trigger = compiled(rules.fte_over_trigger)
has_room = compiled(rules.has_room)
helped_multiplier = compiled(rules.helped_multiplier)
load_effect = compiled(rules.load_effect)
load_of = compiled(rules.load_of)
lognormal_days = compiled(rules.lognormal_days)
luck_place = compiled(rules.luck_place)
manager_gap_effect = compiled(rules.manager_gap_effect)
normal_score = compiled(rules.normal_score)
on_grid = compiled(casework_plan.on_grid)
progress_speed = compiled(rules.progress_speed)
pull_over = compiled(rules.pull_over)
puts_off_review = compiled(rules.puts_off_review)
race_time = compiled(rules.race_time)
ramped_share = compiled(rules.ramped_share)
recovered_share = compiled(rules.recovered_share)
