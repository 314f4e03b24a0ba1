// The pump's rules behind plain functions, for test_esphome_rules.py.
#include "rules.h"

using namespace esphome::plant_pump;

extern "C" {
Rules *rules_new(uint32_t daily_ms, uint32_t pause_ms, const Ledger *found, int64_t uptime) {
  auto *rules = new Rules(daily_ms, pause_ms);
  rules->begin(found, uptime);
  return rules;
}
void rules_delete(Rules *rules) { delete rules; }
uint32_t rules_refusal(const Rules *rules, uint32_t channel, uint32_t ms, int64_t uptime) {
  return static_cast<uint32_t>(rules->refusal(channel, ms, uptime));
}
void rules_book(Rules *rules, uint32_t channel, uint32_t ms, int64_t uptime) { rules->book(channel, ms, uptime); }
void rules_settle(Rules *rules, uint32_t ran, int64_t uptime) { rules->settle(ran, uptime); }
bool rules_begin_budget(Rules *rules, int64_t uptime) { return rules->begin_budget(uptime); }
void rules_ledger(const Rules *rules, int64_t uptime, Ledger *kept) { *kept = rules->ledger(uptime); }
uint32_t ledger_size() { return sizeof(Ledger); }

Interlock *interlock_new(uint32_t clear_ms) { return new Interlock(clear_ms); }
void interlock_delete(Interlock *interlock) { delete interlock; }
bool interlock_heard(Interlock *interlock, bool known, bool active, int64_t uptime) {
  interlock->heard(known, active, uptime);
  return interlock->holds(uptime);
}
}
