// A board that is not there, for the fuzz target: time, EEPROM, pins and the pump's timer, and the
// promises of docs/protocol.md §8, checked whenever anything happens.
#pragma once
#include <stdint.h>

#include <string>
#include <utility>
#include <vector>

#include "board.h"
#include "wiring.h"

namespace bench {

// Thrown out of the firmware, as the real ones end it: in the middle.
struct PowerCut {};
struct Reset {};

struct Pin {
  bool driven = false;
  bool level = false;   // of an output, also while its duty is neither 0 nor 255
  bool input = true;    // what is outside says: high
};

class Board {
 public:
  static const uint8_t kPins = plant::kFirstAnalog + plant::kAnalogs;

  // A board as it was once set up, with water in its tank.
  explicit Board(const std::vector<uint8_t> &eeprom);

  // No power for an instant: pins float, the timer is gone, time since boot begins anew.
  void lose_power(uint32_t ms_at_boot);

  // Lets time pass; the pump's timer ends it at its moment.
  void pass(uint64_t ms);

  // What must be so at any time.
  void check();

  // Contacts, as this firmware reads them from the EEPROM and a person sees them.
  bool in_alarm() const;

  uint64_t now = 0;  // ms of the world
  uint64_t booted = 0;
  uint32_t boot_ms = 0;  // what ms() says at boot
  std::vector<uint8_t> eeprom;
  std::vector<bool> worn;  // cells that take nothing any more
  long cut_in = -1;        // bytes until the power goes; -1: it stays
  uint8_t torn = 0;        // what a torn cell then holds is mixed with this
  bool hung = false;
  Pin pins[kPins];
  std::string sent;           // the line that is going out
  std::vector<std::string> lines;  // what went out since somebody looked
  unsigned starts = 0;        // of pumps
  uint64_t seed = 1;          // of readings

  bool running = false;
  uint8_t pump_pin = 0;
  bool pump_level = false;
  uint64_t pump_from = 0, pump_until = 0;
  bool damaged = false;  // somebody has changed or worn out the EEPROM

  void start_pump(uint8_t pin, bool level, uint16_t ms);
  void stop_pump();
  void take_output(uint8_t byte);
  // A cell has changed; what is wired where is read again when it may have.
  void changed(uint16_t at);
  void look_at_wiring();

 private:
  void pour(uint64_t from, uint64_t to);

  plant::Wiring wiring_;
  bool stale_ = true;
  uint8_t slot_of(uint8_t pin) const;
  uint8_t pump_slot_ = 0;
  bool ran_[plant::kSlots] = {};
  uint64_t ended_[plant::kSlots] = {};
  std::vector<std::pair<uint64_t, uint64_t>> poured_;
  uint64_t alarm_since_ = 0;
  bool alarm_ = false;
};

// The one that hal:: speaks to.
extern Board *board;

}  // namespace bench
