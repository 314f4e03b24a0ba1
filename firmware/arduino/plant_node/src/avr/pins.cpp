// Pins, the analogue converter and the EEPROM.
#ifdef __AVR__
#include <avr/eeprom.h>

#include "../board.h"
#include "../hal.h"
#include "avr.h"

namespace plant {
namespace hal {

void pin_floating(uint8_t pin) {
  if (pin < kNoDigital) pinMode(pin, INPUT);
}

void pin_input(uint8_t pin) { pinMode(pin, INPUT_PULLUP); }

bool pin_read(uint8_t pin) { return digitalRead(pin) == HIGH; }

void pin_output(uint8_t pin, bool level) {
  digitalWrite(pin, level ? HIGH : LOW);  // the port before the direction
  pinMode(pin, OUTPUT);
}

// The timer that ends the pulses is nobody else's.
bool pin_has_pwm(uint8_t pin) {
  switch (digitalPinToTimer(pin)) {
    case NOT_ON_TIMER:
      return false;
#ifdef TIMSK5
    case TIMER5A:
    case TIMER5B:
    case TIMER5C:
#else
    case TIMER2A:
    case TIMER2B:
#endif
      return false;
    default:
      return true;
  }
}

void pin_pwm(uint8_t pin, uint8_t duty) { analogWrite(pin, duty); }

uint16_t adc_read(uint8_t pin) { return static_cast<uint16_t>(analogRead(pin)); }

void led(bool on) { pin_output(kLedPin, on); }

uint8_t eeprom_read(uint16_t at) { return eeprom_read_byte(reinterpret_cast<uint8_t *>(at)); }

void eeprom_write(uint16_t at, uint8_t byte) {
  uint8_t *const cell = reinterpret_cast<uint8_t *>(at);
  if (eeprom_read_byte(cell) == byte) return;
  eeprom_write_byte(cell, byte);
  while (!eeprom_is_ready()) idle();
}

}  // namespace hal
}  // namespace plant
#endif
