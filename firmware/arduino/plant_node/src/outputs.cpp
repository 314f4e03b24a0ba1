#include "outputs.h"

#include "hal.h"

namespace plant {

namespace {

// In the order of Why.
const char kWhys[] PROGMEM = "boot\0cmd\0timer\0stop\0interlock";

}  // namespace

void Outputs::begin(const Wiring *wiring, Interlock *interlock, Ledger *ledger) {
  wiring_ = wiring;
  interlock_ = interlock;
  ledger_ = ledger;
  id_.is = Field::kAbsent;
  lit_ = 0;
  pump_ = kNone;
  lock_ = Interlock::kFree;
  why_ = Why::kBoot;
  for (uint8_t slot = 0; slot < kSlots; ++slot) rewire(slot);
}

void Outputs::rewire(uint8_t slot) {
  levels_[slot] = 100;
  if (wiring_->kind(slot) == Kind::kLight) show(slot);
  silence();
  due_ = true;
}

// Every pump pin to its safe level. Nothing else, so that it works whatever state we are in.
void Outputs::silence() {
  hal::pump_stop();
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    if (wiring_->kind(slot) != Kind::kPump) continue;
    hal::pin_output(wiring_->place(slot).pin(), wiring_->place(slot).inverted());
  }
}

void Outputs::changed(Why why, const Id *id) {
  why_ = why;
  if (id) {
    id_ = *id;
  } else {
    id_.is = Field::kAbsent;
  }
  due_ = true;
}

Error Outputs::pump_refusal(uint8_t slot, const Whole &ms, uint32_t *wait) {
  if (!ms.in(1, INT32_MAX)) return Error::kBad;
  if (ms.value > kPumpMsMax) return Error::kTooLong;
  if (interlock_->poll() != Interlock::kFree) return Error::kInterlock;
  *wait = hal::pump_left();
  if (pump_ != kNone) return Error::kBusy;
  const Ledger::Wait waits = ledger_->wait(slot, static_cast<uint16_t>(ms.value));
  *wait = waits.soak;
  if (*wait) return Error::kSoak;
  *wait = waits.budget;
  return *wait ? Error::kBudget : Error::kNone;
}

void Outputs::run_pump(uint8_t slot, uint16_t ms, const Id &id) {
  pump_ = slot;
  pump_ms_ = ms;
  pump_id_ = id;
  changed(Why::kCommand, &id);
  hal::pump_start(wiring_->place(slot).pin(), !wiring_->place(slot).inverted(), ms);
}

// The pins first, then the paperwork. A pulse that ran to its end keeps its command's id.
void Outputs::end_pump(Why why, const Id *id) {
  const uint16_t left = hal::pump_left();
  silence();
  if (pump_ == kNone) return;
  pump_ = kNone;
  changed(why, id ? id : &pump_id_);
  if (left > 1) ledger_->settle(static_cast<uint16_t>(pump_ms_ - left + 1));
}

Error Outputs::light_refusal(const Whole &ms, const Whole &level) {
  if (!ms.in(1, INT32_MAX)) return Error::kBad;
  if (level.is != Field::kAbsent && !level.in(0, 100)) return Error::kBad;
  return static_cast<uint32_t>(ms.value) > kLightMsMax ? Error::kTooLong : Error::kNone;
}

void Outputs::show(uint8_t slot) {
  const Place place = wiring_->place(slot);
  const uint8_t level = lit(slot) ? levels_[slot] : 0;
  if (level > 0 && level < 100 && hal::pin_has_pwm(place.pin())) {
    const uint8_t duty = static_cast<uint8_t>(level * 255u / 100u);
    hal::pin_pwm(place.pin(), place.inverted() ? static_cast<uint8_t>(255 - duty) : duty);
  } else {
    hal::pin_output(place.pin(), (level > 0) != place.inverted());
  }
}

void Outputs::run_light(uint8_t slot, uint32_t ms, const Whole &level, const Id &id) {
  if (level.is == Field::kGood) levels_[slot] = static_cast<uint8_t>(level.value);
  lit_ |= bit_of(slot);
  ends_[slot] = hal::ms() + ms;
  show(slot);
  changed(Why::kCommand, &id);
}

void Outputs::level(uint8_t slot, uint8_t level, const Id &id) {
  levels_[slot] = level;
  show(slot);
  changed(Why::kCommand, &id);
}

void Outputs::end_light(uint8_t slot, Why why, const Id *id) {
  if (!lit(slot)) return;
  lit_ &= static_cast<Mask>(~bit_of(slot));
  show(slot);
  changed(why, id);
}

void Outputs::stop(uint8_t slot, Why why, const Id *id) {
  if (slot == pump_) end_pump(why, id);
  if (wiring_->kind(slot) == Kind::kLight) end_light(slot, why, id);
}

void Outputs::stop_all(Why why, const Id *id) {
  end_pump(why, id);
  for (uint8_t slot = 0; slot < kSlots; ++slot) end_light(slot, why, id);
}

void Outputs::poll() {
  const Interlock::Reason lock = interlock_->poll();
  if (pump_ == kNone) {
    silence();
  } else if (hal::pump_left() == 0) {
    end_pump(Why::kTimer, nullptr);
  } else if (lock != Interlock::kFree) {
    end_pump(Why::kInterlock, nullptr);
  }
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    const uint32_t over = hal::ms() - ends_[slot];
    if (lit(slot) && over < 0x80000000) end_light(slot, Why::kTimer, nullptr);
  }
  if (lock != lock_) {
    lock_ = lock;
    if (!due_) changed(Why::kInterlock, nullptr);
  }
}

bool Outputs::any_on() const { return pump_ != kNone || lit_; }

uint32_t Outputs::left(uint8_t slot) const {
  if (slot == pump_) return hal::pump_left();
  if (!lit(slot)) return 0;
  const uint32_t left = ends_[slot] - hal::ms();
  return left < 0x80000000 ? left : 0;
}

// One object of the message: what there is to say of every channel of these kinds. Nothing where there
// is none of them: false.
bool Outputs::write_each(const FlashText *name, bool pumps, bool lights) const {
  bool first = true;
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    const Kind kind = wiring_->kind(slot);
    if (!(kind == Kind::kPump && pumps) && !(kind == Kind::kLight && lights)) continue;
    if (first) out::raw(name);
    out::key(slot, &first);
    if (pumps && lights) {
      out::number(left(slot));
    } else if (lights) {
      out::number(levels_[slot]);
    } else {
      out::string(lock_ == Interlock::kLeak ? PV_FLASH("leak") : PV_FLASH("tank"));
    }
  }
  if (!first) out::raw('}');
  return !first;
}

void Outputs::write_state() const {
  out::raw(PV_FLASH("{\"t\":\"state\",\"a\":"));
  if (!write_each(PV_FLASH("{"), true, true)) out::raw(PV_FLASH("{}"));
  write_each(PV_FLASH(",\"lv\":{"), false, true);
  if (lock_ != Interlock::kFree) write_each(PV_FLASH(",\"lock\":{"), true, false);
  out::raw(PV_FLASH(",\"why\":"));
  out::string(nth(kWhys, static_cast<uint8_t>(why_)));
  if (id_.is == Field::kGood) {
    out::raw(PV_FLASH(",\"c\":"));
    out::string(id_.text, id_.size);
  }
  out::raw('}');
}

}  // namespace plant
