// The EEPROM: who lives where, and records that a power cut leaves readable or known to be broken.
//
// A cell lives for 100 000 writes. In ten years (3 652 days):
//   lifetime  one tick in ten minutes, 525 960 ticks over 16 slots    33 000 writes a cell
//   boots     8 slots                                                220 boots a day
//   ids       32 slots, one write each                               870 commands a day
//   starts    16 slots, erased, written and erased again
//             by a watering, erased by a boot                        219 waterings a day
//   ledger    32 slots; a watering that is stopped early writes the
//             first cell of its slot four times                      219 such waterings a day
// All of it is far above what a plant asks for, and a cell that is worn out is found out by reading
// it back: what can't be written down is not done.
#pragma once
#include <stdint.h>

#include "board.h"
#include "message.h"

namespace plant {
namespace store {

constexpr uint8_t kBootSlots = 8, kLifeSlots = 16, kIdSlots = 32, kBookingSlots = 32;
constexpr uint8_t kStartSlots = 16;
constexpr uint8_t kIdSize = 4 + 1, kStartSize = 2, kBookingSize = 10;
constexpr uint8_t kHardwareSize = 8 + 2, kRhythmSize = 6 + 2;
constexpr uint8_t kWireSize = 2 + kLabelMax + 2, kTuningSize = 13 + 2;

// The first cell stays empty: it is the one a failing supply writes into.
constexpr uint16_t kMarker = 1;
constexpr uint16_t kHardware = kMarker + 1;
constexpr uint16_t kRhythm = kHardware + 2 * kHardwareSize;
constexpr uint16_t kBoots = kRhythm + kRhythmSize;
constexpr uint16_t kLife = kBoots + 4 * kBootSlots;
constexpr uint16_t kIds = kLife + 4 * kLifeSlots;
constexpr uint16_t kStarts = kIds + kIdSize * kIdSlots;
constexpr uint16_t kBookings = kStarts + kStartSize * kStartSlots;
constexpr uint16_t kWires = kBookings + kBookingSize * kBookingSlots;
constexpr uint16_t kTunings = kWires + kWireSize * kSlots;
constexpr uint16_t kEnd = kTunings + kTuningSize * kSlots;
static_assert(kEnd <= kEepromSize, "the EEPROM is too small");

constexpr uint8_t kBlank = 0xFF;  // what a new chip is full of
constexpr uint8_t kBeginning = 0x5A, kReady = 0xA5;

void read(uint16_t at, void *to, uint8_t size);
// True when every byte reads back as it was written.
bool write(uint16_t at, const void *from, uint8_t size);

// The same with two bytes of checksum behind it. A record that was never written is no record.
bool read_record(uint16_t at, void *to, uint8_t size);
bool write_record(uint16_t at, const void *from, uint8_t size);

uint16_t checksum(const void *of, uint8_t size);

// Whether nothing has ever been written here: a chip fresh from the factory.
bool is_blank();

}  // namespace store
}  // namespace plant
