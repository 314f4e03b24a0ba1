// A board that is not there: time that the test moves, an EEPROM that can lose its power at any
// byte, pins, and the pump's timer.
#pragma once
#include <stdint.h>
#include <string.h>

#include <string>

#include "../plant_node/src/board.h"
#include "../plant_node/src/hal.h"

namespace fake {

struct PowerCut {};
struct Restart {};

static uint64_t now_ms = 0;
static uint8_t eeprom[plant::kEepromSize];
static long writes_left = -1;   // until the power goes; -1: it stays
static uint8_t torn = 0;        // what the cell then holds is mixed with this
static long written = 0;
static long worn = -1;          // a cell that takes nothing any more
// Cells that read as erased, but are so by halves only: what is then written there does not last.
static bool weak[plant::kEepromSize];
static uint16_t pump_left = 0;
static int starts = 0;          // of pumps
static uint16_t adc = 400;
static bool open_contact = false;
static std::string said;

static inline void blank() { memset(eeprom, 0xFF, sizeof eeprom); }

static inline void lose_what_is_weak() {
  for (size_t i = 0; i < sizeof eeprom; ++i) {
    if (weak[i] && eeprom[i] != 0xFF) eeprom[i] &= 0x3C;
  }
}

}  // namespace fake

namespace plant {
namespace hal {

uint32_t ms() { return static_cast<uint32_t>(fake::now_ms); }
uint32_t quarters() { return static_cast<uint32_t>(fake::now_ms / 250); }
void up(uint32_t *seconds, uint16_t *ms) {
  *seconds = static_cast<uint32_t>(fake::now_ms / 1000);
  *ms = static_cast<uint16_t>(fake::now_ms % 1000);
}
uint8_t eeprom_read(uint16_t at) { return fake::eeprom[at]; }
void eeprom_read(uint16_t at, void *to, uint8_t size) { memcpy(to, fake::eeprom + at, size); }
static void program(uint16_t at, uint8_t byte) {
  ++fake::written;
  if (fake::writes_left == 0) {
    fake::eeprom[at] = static_cast<uint8_t>(byte ^ fake::torn);
    throw fake::PowerCut();
  }
  if (fake::writes_left > 0) --fake::writes_left;
  if (at != fake::worn) fake::eeprom[at] = byte;
}
void eeprom_erase(uint16_t at) {
  program(at, 0xFF);
  fake::weak[at] = false;
}
void eeprom_write(uint16_t at, uint8_t byte) {
  if (fake::eeprom[at] == byte) return;
  program(at, byte);
  fake::weak[at] = false;
}
void eeprom_clear(uint16_t at, uint8_t byte) { program(at, fake::eeprom[at] & byte); }
void idle() {}
void pin_floating(uint8_t) {}
void pin_input(uint8_t) {}
bool pin_read(uint8_t) { return fake::open_contact; }
void pin_output(uint8_t, bool) {}
bool pin_has_pwm(uint8_t) { return false; }
void pin_pwm(uint8_t, uint8_t) {}
uint16_t adc_read(uint8_t) { return fake::adc; }
void pump_start(uint8_t, bool, uint16_t ms) {
  ++fake::starts;
  fake::pump_left = ms;
}
void pump_stop() { fake::pump_left = 0; }
uint16_t pump_left() { return fake::pump_left; }
bool dht22_read(uint8_t, uint8_t *) { return false; }
bool twi_write(uint8_t, uint8_t) { return false; }
bool twi_read(uint8_t, uint8_t *, uint8_t) { return false; }
void uart_write(uint8_t byte) { fake::said += static_cast<char>(byte); }
void led(bool) {}
void entropy(uint8_t *bytes, uint8_t count) {
  for (uint8_t i = 0; i < count; ++i) bytes[i] = static_cast<uint8_t>(0x11 * (i + 1));
}
bool hung_before() { return false; }
void watchdog_pat() {}
void restart() { throw fake::Restart(); }

}  // namespace hal
}  // namespace plant
