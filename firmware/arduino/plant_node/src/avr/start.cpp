// The first instructions after a reset, and the last ones before one.
//
// The watchdog runs in two stages of two seconds. The first is an interrupt that starts the firmware
// anew by jumping to its beginning: that works on every board. Only where interrupts are dead the
// second stage resets the chip; boards with an old boot loader then stay in it until the power is
// cut, with all pins floating, which is dry as well.
#ifdef __AVR__
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/wdt.h>

#include "../hal.h"
#include "../hash.h"
#include "../wiring.h"
#include "avr.h"

namespace {

const uint16_t kHung = 0x4847;
// Keeps its value over a restart; after power-on it is anything.
uint16_t cause __attribute__((section(".noinit")));
uint8_t flags __attribute__((section(".noinit")));
uint32_t debris __attribute__((section(".noinit")));

// What was in the RAM when the power came: differs from chip to chip, a little from time to time.
void hash_memory() {
  uint32_t state = plant::kHashStart;
  for (uint16_t at = RAMSTART; at < RAMEND - 64; at += 2) {
    state = plant::hash(state, *reinterpret_cast<volatile uint8_t *>(at));
  }
  debris = state;
}

// A restart by jumping leaves every register as it was; this brings back what a reset would.
void quiet_peripherals() {
  if (UCSR0B) UCSR0B = 0;
  TWCR = 0;
  ADCSRA = 0;
  TIMSK0 = TIMSK1 = TIMSK2 = 0;
  TCCR0A = TCCR1A = TCCR2A = 0;  // pins belong to their ports again
#ifdef TIMSK5
  TIMSK3 = TIMSK4 = TIMSK5 = 0;
  TCCR3A = TCCR4A = TCCR5A = 0;
#endif
}

void make_safe(uint8_t pin, bool level) { plant::avr::set_pin(pin, true, level); }

void start_anew() __attribute__((noreturn));
void start_anew() {
  asm volatile("jmp 0");
  __builtin_unreachable();
}

}  // namespace

// Runs before any variable has its value, on a stack that is just there (.init2).
extern "C" void plant_vita_first() __attribute__((noinline, used));
extern "C" void plant_vita_first() {
  cli();
  flags = MCUSR;
  MCUSR = 0;
  wdt_disable();
  quiet_peripherals();
  plant::each_output(make_safe);
  hash_memory();
}

extern "C" void plant_vita_init3() __attribute__((naked, used, section(".init3")));
extern "C" void plant_vita_init3() { asm volatile("call plant_vita_first"); }

namespace plant {
namespace avr {

volatile uint8_t jitters_wanted = 0;
volatile uint8_t jitter;

uint32_t memory_at_power_on() { return debris; }

}  // namespace avr

namespace hal {

bool hung_before() {
  const bool hung = cause == kHung || flags & _BV(WDRF);
  cause = 0;
  return hung;
}

void watchdog_pat() {
  if (!(WDTCSR & _BV(WDIE))) {
    cli();
    wdt_reset();
    WDTCSR = _BV(WDCE) | _BV(WDE);
    WDTCSR = _BV(WDIE) | _BV(WDE) | WDTO_2S;
    sei();
  }
  wdt_reset();
}

void restart() {
  cli();
  wdt_disable();
  each_output(make_safe);
  start_anew();
}

}  // namespace hal
}  // namespace plant

ISR(WDT_vect) {
  if (plant::avr::jitters_wanted) {
    plant::avr::jitter = plant::avr::fine_time();
    --plant::avr::jitters_wanted;
    WDTCSR |= _BV(WDIE);  // and again; a real chip needs no telling
    return;
  }
  // This may have interrupted anything: only what needs no state may be used here.
  plant::each_output(make_safe);
  cause = kHung;
  start_anew();
}
#endif
