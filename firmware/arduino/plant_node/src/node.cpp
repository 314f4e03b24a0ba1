#include "node.h"

#include "hal.h"
#include "store.h"

namespace plant {

namespace {

const uint32_t kEveryDefault = 60;  // seconds
const uint16_t kIdentifyMs = 10000;
const uint16_t kSilenceMs = 45000;  // two heartbeats of Home Assistant that did not come
const uint16_t kRestartMs = 1000;   // for the acknowledgement

struct Rhythm {
  uint32_t every;
  uint16_t sample;
} __attribute__((packed));
static_assert(sizeof(Rhythm) + 2 == store::kRhythmSize, "the store's layout");

// Whether this chip has never been used. Setting up a chip takes seconds; where the power failed in
// the middle of it, nothing has been watered yet, and it begins again.
bool is_fresh() {
  const uint8_t marker = hal::eeprom_read(store::kMarker);
  return marker == store::kBeginning || (marker == store::kBlank && store::is_blank());
}

void mark(uint8_t marker) { store::write(store::kMarker, &marker, 1); }

}  // namespace

void Node::begin() {
  out::begin(hal::uart_write);
  reader_.begin();
  heartbeats_ = ack_count_ = logs_ = 0;
  line_waits_ = greeted_ = restarting_ = blinking_ = false;
  hello_due_ = true;
  wait_ms_ = 0;

  const bool fresh = is_fresh();
  if (fresh) mark(store::kBeginning);
  wiring_.begin(fresh);
  interlock_.begin(&wiring_);
  for (uint8_t slot = 0; slot < kSlots; ++slot) connect(slot);
  outputs_.begin(&wiring_, &interlock_, &ledger_);
  life_.begin(fresh);
  if (ledger_.begin(&life_, fresh)) logs_ |= kLedgerLost;
  if (!ids_.begin(fresh)) logs_ |= kIdsLost;
  identity_.begin(fresh);
  if (!started_.begin(&ledger_, &ids_, static_cast<uint8_t>(identity_.boot()))) logs_ |= kLedgerLost;
  mark(store::kReady);
  if (wiring_.any_lost()) logs_ |= kWiringLost;
  if (hal::hung_before()) logs_ |= kHung;
  backlog_.begin();
  sampler_.begin(&wiring_, &interlock_, &backlog_);
  load_rhythm();
  spoke_at_ = heard_at_ = hal::ms();
  safety_at_ = bucket_at_ = static_cast<uint16_t>(hal::ms());
  tokens_ = kBurst * kRateMs;
}

// Pins that are no outputs: outputs know their own.
void Node::connect(uint8_t slot) {
  const Kind kind = wiring_.kind(slot);
  const Place place = wiring_.place(slot);
  interlock_.reset(slot);
  if (kind == Kind::kNone || place.is_i2c()) return;
  if (is_contact(kind)) {
    hal::pin_input(place.pin());
  } else if (!is_actuator(kind)) {
    hal::pin_floating(place.pin());
  }
}

void Node::load_rhythm() {
  Rhythm rhythm;
  if (!store::read_record(store::kRhythm, &rhythm, sizeof rhythm)) {
    rhythm = {kEveryDefault, kSampleDefault};
  }
  use_rhythm(rhythm.every, rhythm.sample);
}

bool Node::keep_rhythm(uint32_t every, uint16_t sample) {
  const Rhythm rhythm = {every, sample};
  if (!store::write_record(store::kRhythm, &rhythm, sizeof rhythm)) return false;
  use_rhythm(every, sample);
  return true;
}

void Node::use_rhythm(uint32_t every, uint16_t sample) {
  every_ = every;
  sample_ = sample;
  sampler_.set_period(sample);
}

bool Node::hear(uint8_t byte) {
  if (line_waits_) return false;
  switch (reader_.take(byte)) {
    case LineReader::kEmpty:
      if (heartbeats_ != 0xFF) ++heartbeats_;
      heard_at_ = hal::ms();
      break;
    case LineReader::kMessage:
      line_waits_ = true;
      heard_at_ = hal::ms();
      break;
    case LineReader::kMore:
      break;
  }
  return true;
}

void Node::read_line() {
  Message message;
  const bool good = read_message(reader_.text(), reader_.size(), &message);
  line_waits_ = false;  // from here on the next line may come in
  if (good) take(message);
}

void Node::take(const Message &m) {
  switch (m.type) {
    case Type::kHi:
      if (m.now == Field::kGood) opened();
      break;
    case Type::kGot:
      confirmed(m);
      break;
    case Type::kCommand:
      command(m);
      break;
    default:
      if (m.id.is == Field::kGood) acknowledge(m.id, Error::kUnknown);
  }
}

// A session begins: whatever is not confirmed is sent again, and everything is told once more.
void Node::opened() {
  greeted_ = true;
  backlog_.rewind();
  sampler_.tell_all();
  outputs_.tell();
}

void Node::confirmed(const Message &m) {
  if (m.boot.is != Field::kGood || m.boot.size != 8 || !m.number.in(0, INT32_MAX)) return;
  uint32_t boot = identity_.boot();
  for (uint8_t i = 8; i--; boot >>= 4) {
    const uint8_t nibble = boot & 0xF;
    if (m.boot.text[i] != static_cast<char>(nibble < 10 ? '0' + nibble : 'a' + nibble - 10)) return;
  }
  backlog_.confirm(static_cast<uint32_t>(m.number.value));
}

// Steady while connected, a short blink every two seconds while not, fast for `identify`.
void Node::blink(uint16_t now, bool connected) {
  if (static_cast<uint16_t>(now - blink_from_) >= kIdentifyMs) blinking_ = false;
  hal::led(blinking_ ? now / 128 % 2 : connected || now % 2048 < 128);
}

void Node::restart_when_told(uint16_t now) {
  if (restarting_ && static_cast<uint16_t>(now - restart_at_) >= kRestartMs) {
    outputs_.stop_all(Why::kBoot, nullptr);
    hal::restart();
  }
}

void Node::poll() {
  hal::watchdog_pat();
  hal::idle();
  if (line_waits_) read_line();
  const uint32_t now = hal::ms();
  const uint16_t soon = static_cast<uint16_t>(now);
  if (static_cast<uint16_t>(soon - safety_at_) >= kSafetyPollMs) {
    safety_at_ = soon;
    outputs_.poll();
    blink(soon, greeted_ && now - heard_at_ < kSilenceMs);
    life_.save();
  }
  restart_when_told(soon);
  sampler_.poll();
  talk(hal::ms());
}

}  // namespace plant
