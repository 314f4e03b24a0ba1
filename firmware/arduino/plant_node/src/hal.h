// The board as the rest of the firmware sees it: everything behind this line is replaced in tests.
#pragma once
#include <stdint.h>

namespace plant {
namespace hal {

// Time since boot. ms() begins anew after 49 days: compare differences only. quarters() counts
// quarters of a second and lasts for 34 years.
uint32_t ms();
uint32_t quarters();
void up(uint32_t *seconds, uint16_t *ms);

uint8_t eeprom_read(uint16_t at);
void eeprom_read(uint16_t at, void *to, uint8_t size);
// Writes where the byte differs, and waits until it is there.
void eeprom_write(uint16_t at, uint8_t byte);
// The two halves of a write, each in about half of its time. Erasing makes a cell 0xFF, always from
// anew; clearing leaves only those ones of a cell that `byte` has as well.
void eeprom_erase(uint16_t at);
void eeprom_clear(uint16_t at, uint8_t byte);

// Called wherever something waits, so that no byte of the cable is lost meanwhile.
void idle();

// Pins have Arduino's numbers.
void pin_floating(uint8_t pin);
void pin_input(uint8_t pin);  // with the pull-up on
bool pin_read(uint8_t pin);
// An output at this level, without any moment at another one.
void pin_output(uint8_t pin, bool level);
bool pin_has_pwm(uint8_t pin);
void pin_pwm(uint8_t pin, uint8_t duty);

// 0-1023 of the supply, from a pin that can measure.
uint16_t adc_read(uint8_t pin);

// Switches one pump on and lets a timer's interrupt switch it off after `ms`, whatever the rest of
// the firmware does. pump_left() is 0 once that has happened.
void pump_start(uint8_t pin, bool level_on, uint16_t ms);
void pump_stop();
uint16_t pump_left();

// Five bytes of a DHT22, false where nothing answers or the checksum is wrong.
bool dht22_read(uint8_t pin, uint8_t *bytes);

// One transfer as master; false where nobody answers. Bounded in time.
bool twi_write(uint8_t address, uint8_t byte);
bool twi_read(uint8_t address, uint8_t *bytes, uint8_t count);
void twi_end();

void uart_write(uint8_t byte);

void led(bool on);

// Bits that nobody can foretell, slowly gathered: for the hardware id, once in a board's life.
void entropy(uint8_t *bytes, uint8_t count);

// Whether this boot was the watchdog's doing.
bool hung_before();
void watchdog_pat();
void restart();

}  // namespace hal
}  // namespace plant
