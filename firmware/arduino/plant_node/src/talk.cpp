// What goes out and when: below Home Assistant's rate limit, answers before readings.
#include "board.h"
#include "hal.h"
#include "node.h"

namespace plant {

namespace {

const uint16_t kGraceMs = 2000;  // readings that are on their way say it as well

// In the order of Error.
const char kErrors[] PROGMEM =
    "\0too_long\0budget\0soak\0interlock\0busy\0repeat\0unknown\0bad\0fault";
// From kOpen on.
const char kFaultWords[] PROGMEM = "open\0short\0range\0silent";
// In the order of Node::Log.
const char kLogs[] PROGMEM =
    "ledger damaged: less or no water for a day\0"
    "list of commands lost\0"
    "wiring lost: no water until it is wired again\0"
    "restarted by the watchdog";

}  // namespace

void Node::talk(uint32_t now) {
  for (; heartbeats_; --heartbeats_) hal::uart_write('\n');
  const uint16_t soon = static_cast<uint16_t>(now);
  const uint16_t passed = static_cast<uint16_t>(soon - bucket_at_);
  const uint16_t most = kBurst * kRateMs;
  bucket_at_ = soon;
  tokens_ = passed > most - tokens_ ? most : static_cast<uint16_t>(tokens_ + passed);
  // A `hello` is asked for once a second at the most, and waits for nothing but the answer to the
  // command that made it necessary.
  if (hello_due_ && !(greeted_ && ack_count_)) {
    send_hello();
    return;
  }
  if (!greeted_) return;
  backlog_.remind();
  if (now - spoke_at_ >= every_ * 1000 + kGraceMs) outputs_.tell();
  if (tokens_ >= kRateMs) send_next(now);
}

void Node::spoken() {
  out::end();
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
    outputs_.write_state();
    spoken();
    return;
  }
  if (send_log()) return;
  uint32_t number;
  const ReadingSet *const set = backlog_.unsent(&number);
  if (!set) return;
  if (set->channels) send_readings(*set, number, now);
  backlog_.sent();
}

void Node::send_hello() {
  uint32_t seconds;
  uint16_t ms;
  hello_due_ = false;
  hal::up(&seconds, &ms);
  out::raw(PV_FLASH("{\"t\":\"hello\",\"v\":1,\"id\":"));
  identity_.write_id();
  out::raw(PV_FLASH(",\"model\":\"" PV_MODEL "\",\"fw\":\"" PV_VERSION "\",\"boot\":\""));
  out::hex(identity_.boot(), 8);
  out::raw(PV_FLASH("\",\"up\":"));
  if (seconds) out::number(seconds);
  out::padded(ms, seconds ? 3 : 1);
  out::raw(PV_FLASH(",\"every\":"));
  out::number(every_);
  out::raw(PV_FLASH(",\"sleep\":0,\"slots\":"));
  out::number(kSlots);
  out::raw(PV_FLASH(",\"ch\":["));
  bool first = true;
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    const Kind kind = wiring_.kind(slot);
    if (kind == Kind::kNone) continue;
    if (!first) out::raw(',');
    first = false;
    out::raw('[');
    out::number(slot);
    out::raw(',');
    out::string(name_of(kind));
    char label[kLabelMax];
    const uint8_t size = wiring_.label(slot, label);
    out::raw(',');
    if (size) {
      out::string(label, size);
    } else {
      out::raw(PV_FLASH("null"));
    }
    out::raw(',');
    wiring_.place(slot).write();
    out::raw(']');
  }
  out::raw(PV_FLASH("]}"));
  spoken();
}

void Node::send_ack(const Ack &ack) {
  out::raw(PV_FLASH("{\"t\":\"ack\",\"c\":"));
  out::string(ack.id.text, ack.id.size);
  if (ack.error == Error::kNone) {
    out::raw(PV_FLASH(",\"ok\":1"));
  } else {
    out::raw(PV_FLASH(",\"err\":"));
    out::string(nth(kErrors, static_cast<uint8_t>(ack.error)));
    if (ack.wait_ms) {
      out::raw(PV_FLASH(",\"ms\":"));
      out::number(ack.wait_ms);
    }
  }
  out::raw('}');
  spoken();
}

bool Node::send_log() {
  for (uint8_t number = 0; number < kLogCount; ++number) {
    if (!(logs_ >> number & 1)) continue;
    logs_ &= static_cast<uint8_t>(~(1 << number));
    out::raw(PV_FLASH("{\"t\":\"log\",\"lv\":\"w\",\"msg\":"));
    out::string(nth(kLogs, number));
    out::raw('}');
    spoken();
    return true;
  }
  return false;
}

void Node::send_readings(const ReadingSet &set, uint32_t number, uint32_t now) {
  bool first = true;
  out::raw(PV_FLASH("{\"t\":\"tele\",\"n\":"));
  out::number(number);
  out::raw(PV_FLASH(",\"age\":"));
  out::number(now - set.measured);
  out::raw(PV_FLASH(",\"r\":{"));
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    if (!(set.channels >> slot & 1)) continue;
    out::key(slot, &first);
    const Value value = set.values[slot];
    if (is_number(value)) {
      out::fixed(number_of(value), pgm_read_byte(&row_of(wiring_.kind(slot))->decimals));
    } else {
      out::string(nth(kFaultWords, static_cast<uint8_t>(value - kOpen)));
    }
  }
  out::raw(PV_FLASH("}}"));
  spoken();
}

}  // namespace plant
