// The only place that switches pumps and lights.
//
// A pulse of a pump is ended by whichever comes first: the timer's interrupt, the safety loop, a
// stop, the interlock, and, if all of that hangs, the watchdog.
#pragma once
#include <stdint.h>

#include "interlock.h"
#include "ledger.h"
#include "message.h"
#include "wiring.h"

namespace plant {

enum class Why : uint8_t { kBoot, kCommand, kTimer, kStop, kInterlock };

// The error of an acknowledgement.
enum class Error : uint8_t {
  kNone,
  kTooLong,
  kBudget,
  kSoak,
  kInterlock,
  kBusy,
  kRepeat,
  kUnknown,
  kBad,
  kFault,
};

typedef Text<kIdMax> Id;

class Outputs {
 public:
  // Everything off, as wired.
  void begin(const Wiring *wiring, Interlock *interlock, Ledger *ledger);
  // The same for one channel that is something else from now on.
  void rewire(uint8_t slot);

  // Whether this pump may run now; after how many ms it may be asked again, where that is known.
  Error pump_refusal(uint8_t slot, const Whole &ms, uint32_t *wait);
  // Books the watering; run_pump() or cancel() follows.
  bool book(uint8_t slot, uint16_t ms) { return ledger_->book(slot, ms); }
  void cancel() { ledger_->settle(0); }
  void run_pump(uint8_t slot, uint16_t ms, const Id &id);

  static Error light_refusal(const Whole &ms, const Whole &level);
  void run_light(uint8_t slot, uint32_t ms, const Whole &level, const Id &id);
  void level(uint8_t slot, uint8_t level, const Id &id);

  // Off at once; `id` may be null.
  void stop(uint8_t slot, Why why, const Id *id);
  void stop_all(Why why, const Id *id);

  // The safety loop's part, every 50 ms.
  void poll();

  bool any_on() const;

  // The `state` message, and whether one is due.
  bool due() const { return due_; }
  void tell() { due_ = true; }
  void told() { due_ = false; }
  void write_state() const;

 private:
  static const uint8_t kNone = 0xFF;

  bool lit(uint8_t slot) const { return lit_ >> slot & 1; }
  void show(uint8_t slot);
  void silence();
  void end_pump(Why why, const Id *id);
  void end_light(uint8_t slot, Why why, const Id *id);
  void changed(Why why, const Id *id);
  uint32_t left(uint8_t slot) const;
  bool write_each(const FlashText *name, bool pumps, bool lights) const;

  const Wiring *wiring_;
  Interlock *interlock_;
  Ledger *ledger_;
  Id id_;       // behind the last change
  Id pump_id_;  // behind the watering
  uint32_t ends_[kSlots];
  uint8_t levels_[kSlots];
  Mask lit_;
  uint16_t pump_ms_;
  uint8_t pump_;  // the one that runs
  Interlock::Reason lock_;
  Why why_;
  bool due_;
};

}  // namespace plant
