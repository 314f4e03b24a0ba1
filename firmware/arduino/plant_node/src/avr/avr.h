// Shared by the files of this folder.
#pragma once
#ifdef __AVR__
#include <Arduino.h>

namespace plant {
namespace avr {

// The fastest counter there is, for jitter.
uint8_t fine_time();

// Entropy: so many interrupts of the watchdog are wanted, each leaves a byte.
extern volatile uint8_t jitters_wanted;
extern volatile uint8_t jitter;
uint32_t memory_at_power_on();

// PIN, DDR and PORT of a pin follow each other from here.
volatile uint8_t *pin_port(uint8_t pin);
void set_pin(uint8_t pin, bool output, bool level);
void no_pwm(uint8_t pin);

void time_begin();
void uart_begin();

// Who hears the bytes of the cable, and who is told that some were lost.
void listen(bool (*hear)(uint8_t byte), void (*deaf)());

}  // namespace avr
}  // namespace plant
#endif
