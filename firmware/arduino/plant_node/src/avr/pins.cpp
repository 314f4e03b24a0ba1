// Pins, the analogue converter and the EEPROM.
#ifdef __AVR__
#include <avr/eeprom.h>
#include <util/atomic.h>

#include "../board.h"
#include "../hal.h"
#include "avr.h"

namespace plant {

namespace {

// Where a pin's pulse width is set, and the bit that connects the pin to the timer.
struct Pwm {
  volatile uint8_t *control, *compare;
  uint8_t connect;
};

// The timer that ends the pulses of a pump is nobody else's: 2, on the Mega 5. The core has set all
// others to count for PWM with 8 bits; the high byte of a comparison is 0 and stays it.
bool find_pwm(uint8_t pin, Pwm *pwm) {
  switch (digitalPinToTimer(pin)) {
    case TIMER0A:
      *pwm = {&TCCR0A, &OCR0A, _BV(COM0A1)};
      return true;
    case TIMER0B:
      *pwm = {&TCCR0A, &OCR0B, _BV(COM0B1)};
      return true;
    case TIMER1A:
      *pwm = {&TCCR1A, &OCR1AL, _BV(COM1A1)};
      return true;
    case TIMER1B:
      *pwm = {&TCCR1A, &OCR1BL, _BV(COM1B1)};
      return true;
#ifdef TIMSK5
    case TIMER2A:
      *pwm = {&TCCR2A, &OCR2A, _BV(COM2A1)};
      return true;
    case TIMER2B:
      *pwm = {&TCCR2A, &OCR2B, _BV(COM2B1)};
      return true;
    case TIMER3A:
      *pwm = {&TCCR3A, &OCR3AL, _BV(COM3A1)};
      return true;
    case TIMER3B:
      *pwm = {&TCCR3A, &OCR3BL, _BV(COM3B1)};
      return true;
    case TIMER3C:
      *pwm = {&TCCR3A, &OCR3CL, _BV(COM3C1)};
      return true;
    case TIMER4A:
      *pwm = {&TCCR4A, &OCR4AL, _BV(COM4A1)};
      return true;
    case TIMER4B:
      *pwm = {&TCCR4A, &OCR4BL, _BV(COM4B1)};
      return true;
    case TIMER4C:
      *pwm = {&TCCR4A, &OCR4CL, _BV(COM4C1)};
      return true;
#endif
    default:
      return false;
  }
}

}  // namespace

namespace avr {

volatile uint8_t *pin_port(uint8_t pin) { return portInputRegister(digitalPinToPort(pin)); }

// Every port's three registers follow each other: PIN, DDR, PORT. The port comes before the
// direction: never a moment at the other level.
void set_pin(uint8_t pin, bool output, bool level) {
  volatile uint8_t *const in = pin_port(pin);
  const uint8_t mask = digitalPinToBitMask(pin);
  const uint8_t interrupts = SREG;
  cli();
  in[2] = static_cast<uint8_t>(level ? in[2] | mask : in[2] & ~mask);
  in[1] = static_cast<uint8_t>(output ? in[1] | mask : in[1] & ~mask);
  SREG = interrupts;
}

void no_pwm(uint8_t pin) {
  Pwm pwm;
  if (find_pwm(pin, &pwm)) *pwm.control &= static_cast<uint8_t>(~pwm.connect);
}

}  // namespace avr

namespace hal {

void pin_floating(uint8_t pin) {
  if (pin >= kNoDigital) return;
  avr::no_pwm(pin);
  avr::set_pin(pin, false, false);
}

void pin_input(uint8_t pin) {
  avr::no_pwm(pin);
  avr::set_pin(pin, false, true);
}

bool pin_read(uint8_t pin) { return *avr::pin_port(pin) & digitalPinToBitMask(pin); }

void pin_output(uint8_t pin, bool level) {
  avr::no_pwm(pin);
  avr::set_pin(pin, true, level);
}

bool pin_has_pwm(uint8_t pin) {
  Pwm pwm;
  return find_pwm(pin, &pwm);
}

void pin_pwm(uint8_t pin, uint8_t duty) {
  Pwm pwm;
  if (!find_pwm(pin, &pwm)) return;
  *pwm.compare = duty;
  *pwm.control |= pwm.connect;
  avr::set_pin(pin, true, false);
}

uint16_t adc_read(uint8_t pin) { return static_cast<uint16_t>(analogRead(pin)); }

void led(bool on) { avr::set_pin(kLedPin, true, on); }

namespace {

// A write that a restart has interrupted goes on: nothing is set up before it is through.
void wait_for_eeprom() {
  while (!eeprom_is_ready()) idle();
}

void program(uint16_t at, uint8_t byte, uint8_t mode) {
  wait_for_eeprom();
  EEAR = at;
  EEDR = byte;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    EECR = static_cast<uint8_t>(mode | _BV(EEMPE));
    EECR |= _BV(EEPE);  // within four cycles
  }
  wait_for_eeprom();
}

}  // namespace

void eeprom_read(uint16_t at, void *to, uint8_t size) {
  eeprom_read_block(to, reinterpret_cast<const void *>(at), size);
}

uint8_t eeprom_read(uint16_t at) { return eeprom_read_byte(reinterpret_cast<uint8_t *>(at)); }

void eeprom_write(uint16_t at, uint8_t byte) {
  if (eeprom_read(at) != byte) program(at, byte, 0);
}

void eeprom_erase(uint16_t at) { program(at, 0xFF, _BV(EEPM0)); }

void eeprom_clear(uint16_t at, uint8_t byte) { program(at, byte, _BV(EEPM1)); }

}  // namespace hal
}  // namespace plant
#endif
