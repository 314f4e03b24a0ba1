#include "bench.h"

#include <string.h>

#include "hal.h"
#include "json.h"
#include "store.h"
#include "reference.h"

namespace bench {

Board *board = nullptr;

namespace {

const uint64_t kDay = 86400000, kMost = 120000, kLongest = 30000, kAlarm = 1000;
const uint64_t kSoak = 60000;
const size_t kJsonFromNode = 1024;

class Anything : public plant::Visitor {
 public:
  void field(const plant::Token *, const plant::Token &, const plant::Token &) override {}
};

}  // namespace

Board::Board(const std::vector<uint8_t> &content) : eeprom(content), worn(content.size()) {
  pins[3].input = false;  // a float switch is closed while there is water
}

void Board::lose_power(uint32_t ms_at_boot) {
  stop_pump();
  for (Pin &pin : pins) pin.driven = pin.level = false;
  booted = now;
  boot_ms = ms_at_boot;
  cut_in = -1;
  hung = false;
  sent.clear();
  lines.clear();
}

void Board::pour(uint64_t from, uint64_t to) {
  MUST(to - from <= kLongest);  // W2
  poured_.emplace_back(from, to);
  uint64_t sum = 0;
  for (const auto &run : poured_) {
    const uint64_t begin = run.first + kDay > to ? run.first : to > kDay ? to - kDay : 0;
    if (run.second > begin) sum += run.second - begin;
  }
  MUST(sum <= kMost);  // W4: the budget is never negative
}

void Board::start_pump(uint8_t pin, bool level, uint16_t ms) {
  MUST(!running);  // W5
  MUST(pin < kPins && ms >= 1 && ms <= kLongest);
  MUST(!in_alarm());  // W8
  pump_slot_ = slot_of(pin);
  // W5. A booking that was damaged has lost its channel: it only counts in the budget.
  MUST(damaged || !ran_[pump_slot_] || now - ended_[pump_slot_] >= kSoak);
  running = true;
  pump_pin = pin;
  pump_level = level;
  pump_from = now;
  pump_until = now + ms;
  ++starts;
  pins[pin].driven = true;
  pins[pin].level = level;
}

void Board::stop_pump() {
  if (!running) return;
  running = false;
  pins[pump_pin].level = !pump_level;
  ran_[pump_slot_] = true;
  ended_[pump_slot_] = now;
  pour(pump_from, now);
}

void Board::pass(uint64_t ms) {
  const uint64_t end = now + ms;
  if (running && pump_until <= end) {
    now = pump_until;
    stop_pump();
  }
  now = end;
}

void Board::changed(uint16_t at) {
  if (at >= plant::store::kWires && at < plant::store::kTunings) stale_ = true;
}

void Board::look_at_wiring() {
  if (stale_) wiring_.begin(false);
  stale_ = false;
}

uint8_t Board::slot_of(uint8_t pin) const {
  for (uint8_t slot = 0; slot < plant::kSlots; ++slot) {
    if (wiring_.kind(slot) == plant::Kind::kPump && wiring_.place(slot).pin() == pin) return slot;
  }
  MUST(!"a pump where none is wired");
  return 0;
}

bool Board::in_alarm() const {
  for (uint8_t slot = 0; slot < plant::kSlots; ++slot) {
    const plant::Kind kind = wiring_.kind(slot);
    if (!plant::is_contact(kind)) continue;
    const bool open = pins[wiring_.place(slot).pin()].input;
    if ((kind == plant::Kind::kTank ? open : !open) != wiring_.place(slot).inverted()) return true;
  }
  return false;
}

void Board::check() {
  const bool alarm = in_alarm();
  if (alarm && !alarm_) alarm_since_ = now;
  alarm_ = alarm;
  MUST(!(running && alarm && now - alarm_since_ > kAlarm));  // W8
  for (uint8_t slot = 0; slot < plant::kSlots; ++slot) {
    if (wiring_.kind(slot) != plant::Kind::kPump) continue;
    const Pin &pin = pins[wiring_.place(slot).pin()];
    const bool on = pin.driven && pin.level != wiring_.place(slot).inverted();
    // No water but what the timer ends, and none but one.
    MUST(!on || (running && pump_pin == wiring_.place(slot).pin()));
  }
}

void Board::take_output(uint8_t byte) {
  if (byte != '\n') {
    sent += static_cast<char>(byte);
    MUST(sent.size() <= kJsonFromNode + 5);
    return;
  }
  if (!sent.empty()) {
    const reference::Line line = reference::judged(sent, kJsonFromNode);
    MUST(line.kind == reference::kMessage);
    Anything anything;
    MUST(plant::walk(line.text.data(), line.text.size(), &anything));
    lines.push_back(line.text);
  }
  sent.clear();
}

}  // namespace bench

// ── hal ──────────────────────────────────────────────────────────────────────────────────────────

namespace plant {
namespace hal {

using bench::board;

namespace {

bench::Pin &pin_at(uint8_t pin) {
  MUST(pin >= kFirstDigital && pin < bench::Board::kPins);  // the cable's own pins are taboo
  return board->pins[pin];
}

// Readings need not be believable, only the same for the same input.
uint32_t dice() {
  board->seed = board->seed * 6364136223846793005u + 1442695040888963407u;
  return static_cast<uint32_t>(board->seed >> 33);
}

void drive(uint8_t pin, bool level) {
  bench::Pin &at = pin_at(pin);
  MUST(!(board->running && board->pump_pin == pin && level == board->pump_level));
  at.driven = true;
  at.level = level;
  if (board->running && board->pump_pin == pin) board->stop_pump();
}

}  // namespace

uint32_t ms() { return static_cast<uint32_t>(board->boot_ms + (board->now - board->booted)); }
uint32_t quarters() { return static_cast<uint32_t>((board->now - board->booted) / 250); }
void up(uint32_t *seconds, uint16_t *rest) {
  const uint64_t passed = board->now - board->booted;
  *seconds = static_cast<uint32_t>(passed / 1000);
  *rest = static_cast<uint16_t>(passed % 1000);
}

uint8_t eeprom_read(uint16_t at) {
  MUST(at < board->eeprom.size());
  return board->eeprom[at];
}
void eeprom_read(uint16_t at, void *to, uint8_t size) {
  MUST(at + size <= static_cast<int>(board->eeprom.size()));
  memcpy(to, board->eeprom.data() + at, size);
}

namespace {

void program(uint16_t at, uint8_t byte) {
  MUST(at < board->eeprom.size());
  uint8_t &cell = board->eeprom[at];
  board->changed(at);
  if (board->cut_in == 0) {
    cell = static_cast<uint8_t>(cell ^ ((cell ^ byte) & board->torn));
    throw bench::PowerCut();
  }
  if (board->cut_in > 0) --board->cut_in;
  if (!board->worn[at]) cell = byte;
}

}  // namespace

void eeprom_write(uint16_t at, uint8_t byte) {
  if (eeprom_read(at) != byte) program(at, byte);
}
void eeprom_erase(uint16_t at) { program(at, 0xFF); }
void eeprom_clear(uint16_t at, uint8_t byte) { program(at, eeprom_read(at) & byte); }

void idle() {}

void pin_floating(uint8_t pin) {
  pin_at(pin).driven = false;
  if (board->running && board->pump_pin == pin) board->stop_pump();
}
void pin_input(uint8_t pin) { pin_floating(pin); }
bool pin_read(uint8_t pin) { return pin_at(pin).input; }
void pin_output(uint8_t pin, bool level) { drive(pin, level); }
bool pin_has_pwm(uint8_t pin) { return pin == 3 || pin == 5 || pin == 6 || (pin >= 9 && pin <= 11); }
void pin_pwm(uint8_t pin, uint8_t duty) { drive(pin, duty > 0); }

uint16_t adc_read(uint8_t pin) {
  MUST(pin >= kFirstAnalog && pin < kFirstAnalog + kAnalogs);
  return static_cast<uint16_t>(dice() % 1024);
}

void pump_start(uint8_t pin, bool level_on, uint16_t ms) {
  pin_at(pin);
  board->start_pump(pin, level_on, ms);
}
void pump_stop() { board->stop_pump(); }
uint16_t pump_left() {
  return board->running ? static_cast<uint16_t>(board->pump_until - board->now) : uint16_t(0);
}

bool dht22_read(uint8_t pin, uint8_t *bytes) {
  pin_at(pin);
  for (int i = 0; i < 5; ++i) bytes[i] = static_cast<uint8_t>(dice());
  bytes[4] = static_cast<uint8_t>(bytes[0] + bytes[1] + bytes[2] + bytes[3]);
  return dice() % 4 != 0;
}

bool twi_write(uint8_t, uint8_t) { return dice() % 8 != 0; }
bool twi_read(uint8_t, uint8_t *bytes, uint8_t count) {
  for (uint8_t i = 0; i < count; ++i) bytes[i] = static_cast<uint8_t>(dice());
  return dice() % 8 != 0;
}
void twi_end() {}

void uart_write(uint8_t byte) { board->take_output(byte); }
void led(bool) {}
void entropy(uint8_t *bytes, uint8_t count) {
  while (count--) *bytes++ = static_cast<uint8_t>(dice());
}
bool hung_before() { return board->hung; }
void watchdog_pat() {}
void restart() { throw bench::Reset(); }

}  // namespace hal
}  // namespace plant
