// One command of Home Assistant: look at it, do it or say why not (docs/protocol.md §5, §6).
#include "hal.h"
#include "node.h"
#include "store.h"

namespace plant {

namespace {

const int32_t kBandMax = 200000000;  // thousandths
const Error kDone = Error::kNone, kBad = Error::kBad, kUnknown = Error::kUnknown;
const Error kBusy = Error::kBusy;  // also: what can't be written down is not done

bool never_twice(Op op) {
  return op == Op::kOn || op == Op::kLevel || (op >= Op::kRestart && op <= Op::kWire);
}

bool is_word(const Text<4> &text, const char *in_flash) {
  return text.is == Field::kGood && text.size == 3 && memcmp_P(text.text, in_flash, 3) == 0;
}

// A label for a person: nothing that would need an escape of six bytes in the `hello`.
bool is_label(const Text<kLabelMax> &label) {
  if (label.is == Field::kWrong) return false;
  for (uint8_t i = 0; i < label.size; ++i) {
    if (static_cast<uint8_t>(label.text[i]) < 0x20 || label.text[i] == 0x7F) return false;
  }
  return true;
}

}  // namespace

void Node::command(const Message &m) {
  if (m.id.is != Field::kGood) {
    // What stops needs nothing; a `ping` without an id asks who we are.
    if (m.op == Op::kStop) stop(m);
    if (m.op == Op::kPing && m.id.is == Field::kAbsent) hello_due_ = true;
    return;
  }
  const bool stops = m.op == Op::kStop || m.op == Op::kOff;
  if (ack_count_ == kAcks && !stops) return;  // what can't be answered now is not done
  acknowledge(m.id, run(m));
}

void Node::acknowledge(const Id &id, Error error) {
  if (ack_count_ == kAcks) {
    for (uint8_t i = 1; i < kAcks; ++i) acks_[i - 1] = acks_[i];
    --ack_count_;
  }
  acks_[ack_count_].id = id;
  acks_[ack_count_].error = error;
  acks_[ack_count_].wait_ms = wait_ms_;
  wait_ms_ = 0;
  ++ack_count_;
}

// The channel of a command: kBad for what is none, kUnknown for what this board has not.
Error Node::channel(const Message &m, uint8_t *slot) const {
  if (!m.channel.in(0, 63)) return Error::kBad;
  if (m.channel.value >= kSlots) return Error::kUnknown;
  *slot = static_cast<uint8_t>(m.channel.value);
  return wiring_.kind(*slot) == Kind::kNone ? Error::kUnknown : Error::kNone;
}

bool Node::note(const Message &m) { return ids_.note(mark_of(m.id.text, m.id.size)); }

Error Node::run(const Message &m) {
  if (never_twice(m.op)) {
    const Ids::Known known = ids_.known(mark_of(m.id.text, m.id.size));
    if (known == Ids::kThisBoot) return kDone;
    if (known == Ids::kBefore) return Error::kRepeat;
    if (restarting_) return kBusy;
  }
  uint8_t slot = 0;
  const Error wrong = channel(m, &slot);
  switch (m.op) {
    case Op::kStop:
      stop(m);
      return kDone;
    case Op::kPing:
      return kDone;
    case Op::kIdentify:
      blinking_ = true;
      blink_from_ = static_cast<uint16_t>(hal::ms());
      return kDone;
    case Op::kRestart:
      return restart(m);
    case Op::kConfig:
      return configure(m, wrong, slot);
    case Op::kWire:
      return wire(m, wrong, slot);
    case Op::kNone:
      return kBad;
    case Op::kUnknown:
      return kUnknown;
    default:
      break;
  }
  if (m.op == Op::kCalibrate && !is_word(m.at, PSTR("dry")) && !is_word(m.at, PSTR("wet"))) {
    return kBad;
  }
  if (wrong != Error::kNone) return wrong;
  if (m.op == Op::kCalibrate) return calibrate(m, slot);
  if (!is_actuator(wiring_.kind(slot))) return kUnknown;
  if (m.op == Op::kOn) return switch_on(m, slot);
  if (m.op == Op::kLevel) return set_level(m, slot);
  outputs_.stop(slot, Why::kCommand, &m.id);
  return kDone;
}

Error Node::switch_on(const Message &m, uint8_t slot) {
  const bool light = wiring_.kind(slot) == Kind::kLight;
  const Error refusal = light ? Outputs::light_refusal(m.ms, m.level)
                              : outputs_.pump_refusal(slot, m.ms, &wait_ms_);
  if (refusal != Error::kNone) return refusal;
  if (light) {
    if (!note(m)) return kBusy;
    outputs_.run_light(slot, static_cast<uint32_t>(m.ms.value), m.level, m.id);
    return kDone;
  }
  const uint16_t ms = static_cast<uint16_t>(m.ms.value);
  if (!started_.may_run()) return Error::kBudget;
  // First what says that it ran and counts as the most it can have cost, then the water, and at once
  // what it costs. Where the short way is not free, all of it comes before the water.
  const bool quick = started_.write(mark_of(m.id.text, m.id.size));
  if (quick) outputs_.run_pump(slot, ms, m.id);
  const bool booked = outputs_.book(slot, ms);
  if (!booked || !note(m)) {
    if (quick) hal::restart();  // the next boot makes of it what it makes of a power cut
    if (booked) outputs_.cancel();
    return booked ? kBusy : Error::kBudget;
  }
  if (!quick) outputs_.run_pump(slot, ms, m.id);
  started_.settled();
  return kDone;
}

Error Node::set_level(const Message &m, uint8_t slot) {
  if (wiring_.kind(slot) != Kind::kLight) return kUnknown;
  if (!m.level.in(0, 100)) return kBad;
  if (!note(m)) return kBusy;
  outputs_.level(slot, static_cast<uint8_t>(m.level.value), m.id);
  return kDone;
}

// Never refused: a channel that makes no sense stops everything.
void Node::stop(const Message &m) {
  uint8_t slot;
  const Id *const id = m.id.is == Field::kGood ? &m.id : nullptr;
  if (channel(m, &slot) == Error::kNone && is_actuator(wiring_.kind(slot))) {
    outputs_.stop(slot, Why::kStop, id);
  } else {
    outputs_.stop_all(Why::kStop, id);
  }
}

Error Node::restart(const Message &m) {
  outputs_.stop_all(Why::kCommand, &m.id);
  if (!note(m)) return kBusy;  // or it would restart for ever
  restarting_ = true;
  restart_at_ = static_cast<uint16_t>(hal::ms());
  return kDone;
}

Error Node::configure(const Message &m, Error wrong, uint8_t slot) {
  if (m.set != Field::kGood) return kBad;
  if (m.channel.is == Field::kAbsent) return set_rhythm(m);
  if (wrong != Error::kNone) return wrong;
  Tuning tuning = Wiring::tuning(slot);
  tuning.median = 0;
  tuning.band = kOwnBand;
  tuning.heartbeat = 0;
  if (m.median.is != Field::kAbsent) {
    if (!m.median.in(1, 31) || m.median.value % 2 == 0) return kBad;
    tuning.median = static_cast<uint8_t>(m.median.value);
  }
  if (m.band.is != Field::kAbsent) {
    if (!m.band.in(0, kBandMax)) return kBad;
    tuning.band = static_cast<uint32_t>(m.band.value);
  }
  if (m.heartbeat.is != Field::kAbsent) {
    if (!m.heartbeat.in(kEveryMin, kEveryMax)) return kBad;
    tuning.heartbeat = static_cast<uint32_t>(m.heartbeat.value);
  }
  if (is_actuator(wiring_.kind(slot))) return note(m) ? kDone : kBusy;  // nothing to tune
  if (!sampler_.has_room(slot, tuning)) return kBad;
  if (!note(m)) return kBusy;
  if (!Wiring::tune(slot, tuning)) return unfinished();
  sampler_.share_out();
  return kDone;
}

Error Node::set_rhythm(const Message &m) {
  uint32_t every = every_;
  uint16_t sample = sample_;
  if (m.every.is == Field::kAbsent && m.sample.is == Field::kAbsent) return kBad;
  if (m.every.is != Field::kAbsent) {
    if (!m.every.in(kEveryMin, kEveryMax)) return kBad;
    every = static_cast<uint32_t>(m.every.value);
  }
  if (m.sample.is != Field::kAbsent) {
    if (!m.sample.in(kSampleMin, kSampleMax)) return kBad;
    sample = static_cast<uint16_t>(m.sample.value);
  }
  if (!note(m)) return kBusy;
  return keep_rhythm(every, sample) ? kDone : unfinished();
}

Error Node::calibrate(const Message &m, uint8_t slot) {
  Tuning tuning = Wiring::tuning(slot);
  if (!sampler_.calibrate(slot, is_word(m.at, PSTR("wet")), &tuning)) return Error::kFault;
  if (!note(m)) return kBusy;
  if (!Wiring::tune(slot, tuning)) return unfinished();
  sampler_.forget(slot);
  return kDone;
}

Error Node::wire(const Message &m, Error wrong, uint8_t slot) {
  if (m.set != Field::kGood || wrong == Error::kBad) return kBad;
  if (m.channel.value >= kSlots) return kUnknown;
  slot = static_cast<uint8_t>(m.channel.value);
  Kind kind = Kind::kNone;
  Place place = Place::nowhere();
  const bool nothing = m.kind.is == Field::kAbsent && m.at.is == Field::kAbsent;
  if (!is_label(m.label)) return kBad;
  if (!nothing) {
    if (m.kind.is != Field::kGood || m.at.is != Field::kGood) return kBad;
    kind = kind_named(m.kind.text, m.kind.size);
    if (!Place::parse(m.at.text, m.at.size, &place)) return kBad;
    if (!wiring_.possible(slot, kind, place)) return kBad;
  }
  if (outputs_.any_on()) return kBusy;
  if (!note(m)) return kBusy;
  const Place before = wiring_.place(slot);
  if (wiring_.kind(slot) != Kind::kNone && !before.is_i2c()) hal::pin_floating(before.pin());
  const bool kept = wiring_.set(slot, kind, place, m.label);
  for (uint8_t any = 0; any < kSlots; ++any) connect(any);
  outputs_.rewire(slot);
  backlog_.drop(slot);
  sampler_.share_out();
  hello_due_ = true;
  return kept ? kDone : unfinished();
}

// The EEPROM is worn out: it was noted and not done, so no repetition may say that it was.
Error Node::unfinished() {
  ids_.forget_answers();
  return kBusy;
}

}  // namespace plant
