// What goes out and when: below Home Assistant's rate limit, answers before readings.
#include "board.h"
#include "hal.h"
#include "node.h"

namespace plant {

namespace {

const uint16_t kBurst = 4;       // messages at once after a pause
const uint16_t kGraceMs = 2000;  // readings that are on their way say it as well

const FlashText *word(Error error) {
  switch (error) {
    case Error::kTooLong:
      return PV_FLASH("too_long");
    case Error::kBudget:
      return PV_FLASH("budget");
    case Error::kSoak:
      return PV_FLASH("soak");
    case Error::kInterlock:
      return PV_FLASH("interlock");
    case Error::kBusy:
      return PV_FLASH("busy");
    case Error::kRepeat:
      return PV_FLASH("repeat");
    case Error::kUnknown:
      return PV_FLASH("unknown");
    case Error::kFault:
      return PV_FLASH("fault");
    default:
      return PV_FLASH("bad");
  }
}

const FlashText *word(Value value) {
  switch (value) {
    case kOpen:
      return PV_FLASH("open");
    case kShort:
      return PV_FLASH("short");
    case kSilent:
      return PV_FLASH("silent");
    default:
      return PV_FLASH("range");
  }
}

}  // namespace

void Node::talk(uint32_t now) {
  for (; heartbeats_; --heartbeats_) hal::uart_write('\n');
  const uint32_t passed = now - bucket_at_;
  bucket_at_ = now;
  const uint32_t most = kBurst * kRateMs;
  tokens_ = passed > most - tokens_ ? static_cast<uint16_t>(most)
                                    : static_cast<uint16_t>(tokens_ + passed);
  // A `hello` is asked for once a second at the most, and waits for nothing but the answer to the
  // command that made it necessary.
  if (hello_due_ && !(greeted_ && ack_count_)) {
    send_hello();
    return;
  }
  if (!greeted_) return;
  backlog_.remind(now);
  if (now - spoke_at_ >= every_ * 1000 + kGraceMs) outputs_.tell();
  if (tokens_ >= kRateMs) send_next(now);
}

void Node::spoken() {
  out_.end();
  spoke_at_ = hal::ms();
  tokens_ = tokens_ >= kRateMs ? static_cast<uint16_t>(tokens_ - kRateMs) : 0;
}

void Node::send_next(uint32_t now) {
  if (ack_count_) {
    send_ack(acks_[0]);
    for (uint8_t i = 1; i < ack_count_; ++i) acks_[i - 1] = acks_[i];
    --ack_count_;
    return;
  }
  if (outputs_.due()) {
    outputs_.told();
    outputs_.write_state(&out_);
    spoken();
    return;
  }
  if (send_log()) return;
  uint32_t number;
  const ReadingSet *const set = backlog_.unsent(&number);
  if (!set) return;
  if (set->channels) send_readings(*set, number, now);
  backlog_.sent(now);
}

void Node::send_hello() {
  uint32_t seconds;
  uint16_t ms;
  hello_due_ = false;
  hal::up(&seconds, &ms);
  out_.raw(PV_FLASH("{\"t\":\"hello\",\"v\":1,\"id\":"));
  identity_.write_id(&out_);
  out_.raw(PV_FLASH(",\"model\":\"" PV_MODEL "\",\"fw\":\"" PV_VERSION "\",\"boot\":\""));
  out_.hex(identity_.boot(), 8).raw(PV_FLASH("\",\"up\":"));
  if (seconds) {
    out_.number(seconds).padded(ms, 3);
  } else {
    out_.number(ms);
  }
  out_.raw(PV_FLASH(",\"every\":")).number(every_).raw(PV_FLASH(",\"sleep\":0,\"ch\":["));
  bool first = true;
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    const Kind kind = wiring_.kind(slot);
    if (kind == Kind::kNone) continue;
    char label[kLabelMax];
    const uint8_t size = wiring_.label(slot, label);
    out_.comma(&first).raw('[').number(slot).raw(',');
    out_.string(flash(kKindRows[static_cast<uint8_t>(kind) - 1].wire)).raw(',');
    if (size) {
      out_.string(label, size);
    } else {
      out_.raw(PV_FLASH("null"));
    }
    out_.raw(',');
    wiring_.place(slot).write(&out_);
    out_.raw(']');
  }
  out_.raw(PV_FLASH("],\"slots\":")).number(kSlots).raw('}');
  spoken();
}

void Node::send_ack(const Ack &ack) {
  out_.raw(PV_FLASH("{\"t\":\"ack\",\"c\":")).string(ack.id.text, ack.id.size);
  if (ack.answer.error == Error::kNone) {
    out_.raw(PV_FLASH(",\"ok\":1"));
  } else {
    out_.raw(PV_FLASH(",\"err\":")).string(word(ack.answer.error));
    if (ack.answer.wait_ms) out_.raw(PV_FLASH(",\"ms\":")).number(ack.answer.wait_ms);
  }
  out_.raw('}');
  spoken();
}

bool Node::send_log() {
  const FlashText *text;
  if (logs_ & kLedgerLost) {
    text = PV_FLASH("watering ledger damaged: water is held back for a day");
    logs_ &= static_cast<uint8_t>(~kLedgerLost);
  } else if (logs_ & kIdsLost) {
    text = PV_FLASH("list of commands lost");
    logs_ &= static_cast<uint8_t>(~kIdsLost);
  } else if (logs_ & kWiringLost) {
    text = PV_FLASH("a channel's wiring is lost: no water until it is wired again");
    logs_ &= static_cast<uint8_t>(~kWiringLost);
  } else if (logs_ & kHung) {
    text = PV_FLASH("the watchdog has restarted a hung node");
    logs_ &= static_cast<uint8_t>(~kHung);
  } else {
    return false;
  }
  out_.raw(PV_FLASH("{\"t\":\"log\",\"lv\":\"w\",\"msg\":")).string(text).raw('}');
  spoken();
  return true;
}

void Node::send_readings(const ReadingSet &set, uint32_t number, uint32_t now) {
  bool first = true;
  out_.raw(PV_FLASH("{\"t\":\"tele\",\"n\":")).number(number);
  out_.raw(PV_FLASH(",\"age\":")).number(now - set.measured).raw(PV_FLASH(",\"r\":{"));
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    if (!(set.channels >> slot & 1)) continue;
    out_.comma(&first).raw('"').number(slot).raw(PV_FLASH("\":"));
    const Value value = set.values[slot];
    if (is_number(value)) {
      out_.fixed(number_of(value), row_of(wiring_.kind(slot)).decimals);
    } else {
      out_.string(word(value));
    }
  }
  out_.raw(PV_FLASH("}}"));
  spoken();
}

}  // namespace plant
