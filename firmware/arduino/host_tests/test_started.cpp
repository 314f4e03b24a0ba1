// The start of a watering, by the whole node: with the power failing at every cell that is written
// for it, and again at every cell that the next boot writes, and with cells that are worn out.
#include <new>

#include "../plant_node/src/crc16.h"
#include "../plant_node/src/node.h"
#include "../plant_node/src/store.h"
#include "check.h"
#include "fake_hal.h"

using namespace plant;

static const uint8_t kTorn[] = {0x00, 0xFF, 0x55, 0xF0, 0x01, 0x80};
static const int kCells = 2 + 11 + 5 + 4;  // of a start: tag, booking, id, tag and next tag erased
static const uint32_t kSoaked = 95000;     // a lost pulse of 30 s, and its minute

static Node *node;

static void boot() {
  static unsigned char memory[sizeof(Node)];
  memset(memory, 0xA5, sizeof memory);
  fake::now_ms = 0;
  fake::pump_left = 0;
  fake::lose_what_is_weak();
  node = new (memory) Node;
  node->begin();
}

static void say(const std::string &json) {
  uint16_t crc = kCrcStart;
  for (char c : json) crc = crc16(crc, static_cast<uint8_t>(c));
  char tail[8];
  snprintf(tail, sizeof tail, "*%04X\n", crc);
  for (char c : json + tail) node->hear(static_cast<uint8_t>(c));
  node->poll();
}

// The answer to the last command.
static bool granted() {
  say("{\"t\":\"hi\",\"now\":1}");
  for (int i = 0; i < 12; ++i) {
    fake::now_ms += 1;
    node->poll();
    fake::now_ms += 600;
  }
  return fake::said.find("\"ok\":1") != std::string::npos;
}

// How many pumps a command starts.
static int on(const char *id, int ms) {
  const int before = fake::starts;
  fake::said.clear();
  say(std::string("{\"t\":\"cmd\",\"c\":\"") + id + "\",\"op\":\"on\",\"ch\":1,\"ms\":" +
      std::to_string(ms) + "}");
  return fake::starts - before;
}

static void wait(uint32_t ms) {
  fake::now_ms += ms;
  fake::pump_left = 0;
  node->poll();
}

// A board that has used so many times 30 of its 120 s.
static void spend(int times, uint8_t *image) {
  fake::blank();
  fake::writes_left = fake::worn = -1;
  boot();
  for (int i = 0; i < times; ++i) {
    CHECK(on(("n" + std::to_string(i)).c_str(), 30000) == 1);
    wait(kSoaked);
  }
  memcpy(image, fake::eeprom, sizeof fake::eeprom);
}

static void power(const uint8_t *image) {
  memcpy(fake::eeprom, image, sizeof fake::eeprom);
  fake::writes_left = fake::worn = -1;
  boot();
  wait(kSoaked);
  fake::starts = 0;
}

// True if the power failed at this write of what is done.
template <typename Act>
static bool cut(long at, uint8_t torn, Act act) {
  fake::writes_left = at;
  fake::torn = torn;
  try {
    act();
  } catch (const fake::PowerCut &) {
    fake::writes_left = -1;
    return true;
  }
  fake::writes_left = -1;
  return false;
}

// Whatever has happened: what ran counts, and runs no second time.
static void look(bool ran, int spent) {
  boot();
  const int soaking = on("k2", 1);
  CHECK(!ran || soaking == 0);
  wait(kSoaked);
  if (!ran) return;
  CHECK(on("k1", 1000) == 0);
  // Its 20 s count at least; but for a booking that was torn there is water left.
  if (spent == 3) CHECK(on("k3", 10001) == 0);
  if (spent == 0) CHECK(on("k3", 10001) == 1);
}

static void cuts_at_a_start(int spent) {
  static uint8_t image[kEepromSize], cut_image[kEepromSize];
  spend(spent, image);
  int cuts = 0, quick = 0;
  for (const uint8_t torn : kTorn) {
    for (long at = 0;; ++at) {
      power(image);
      const bool was_cut = cut(at, torn, [] { on("k1", 20000); });
      const bool ran = fake::starts == 1;
      CHECK(ran == (at >= 2));  // the tag, and nothing else, comes before the water
      if (!was_cut) {
        CHECK(at > kCells - 8 && at <= kCells);  // some bytes are there already
        break;
      }
      ++cuts;
      quick += ran;
      memcpy(cut_image, fake::eeprom, sizeof cut_image);
      look(ran, spent);
      for (long again = 0;; ++again) {
        memcpy(fake::eeprom, cut_image, sizeof cut_image);
        const bool twice = cut(again, torn, boot);
        look(ran, spent);
        if (!twice) break;
        CHECK(again < 40);
      }
    }
  }
  CHECK(quick > cuts / 2 && cuts > 12 * static_cast<int>(sizeof kTorn));
}

static void a_watering_that_nobody_booked_counts_in_full() {
  static uint8_t image[kEepromSize];
  spend(3, image);
  power(image);
  CHECK(cut(2, 0, [] { on("k1", 1); }) && fake::starts == 1);
  boot();
  wait(kSoaked);
  CHECK(on("k2", 1) == 0);  // 90 s and 30 s: the day is over
}

static void blank_cells_are_no_id() {
  fake::blank();
  fake::writes_left = fake::worn = -1;
  boot();
  fake::starts = 0;
  // Ids of every kind: none of them may look like what a new chip is full of.
  for (int number = 0; number < 3000; ++number) {
    const std::string id = std::to_string(number * 7919);
    const IdMark mark = mark_of(id.data(), static_cast<uint8_t>(id.size()));
    CHECK((mark & 0xF) == 0);
  }
  Ids ids;
  CHECK(ids.begin(true));
  CHECK(ids.known(kTagOnly | 0xFFF0) == Ids::kNew && ids.known(0x1234FFF0) == Ids::kNew);
  CHECK(ids.note(kTagOnly | 0x1230));
  CHECK(ids.known(0xABCD1230) != Ids::kNew && ids.known(0xABCD1240) == Ids::kNew);
  CHECK(on("first", 1000) == 1);
}

// Each cell that a start needs, dead: water only where all is written down, and nothing twice.
static void worn_cells(int spent) {
  static uint8_t image[kEepromSize];
  spend(spent, image);
  int dry = 0;
  for (uint16_t cell = store::kIds; cell < store::kWires; ++cell) {
    power(image);
    fake::worn = cell;
    int ran = 0;
    try {
      ran = on("k1", 20000);
      CHECK(granted() == (ran == 1));  // what can't be written down does not run on
    } catch (const fake::Restart &) {
      ran = fake::starts;
      CHECK(ran == 1);
    }
    dry += !ran;
    for (int boots = 0; boots < 3; ++boots) {
      boot();
      wait(kSoaked);
      try {
        CHECK(on("k1", 1000) == 0 || !ran);
        wait(kSoaked);
        CHECK(spent == 0 || on(boots ? "k4" : "k3", 10001) == 0 || !ran);
      } catch (const fake::Restart &) {
        CHECK(!ran);
        ran = 1;
      }
    }
  }
  CHECK(dry == 0);
}

// The cells of this boot's slot take nothing: all else is written down before the water.
static void worn_cells_of_a_start() {
  static uint8_t image[kEepromSize];
  spend(0, image);
  int slow = 0;
  for (uint16_t cell = store::kStarts; cell < store::kBookings; ++cell) {
    power(image);
    fake::worn = cell;
    CHECK(cut(2, 0, [] { on("k1", 20000); }));
    slow += fake::starts == 0;
  }
  CHECK(slow == store::kStartSize);
}

// An id that can't be noted at boot, where the next attempt at the same id could be.
static void no_water_while_a_start_can_not_be_settled() {
  static uint8_t image[kEepromSize];
  spend(0, image);
  power(image);
  CHECK(cut(2, 0, [] { on("k1", 20000); }) && fake::starts == 1);
  const uint16_t cell = store::kIds + 3;  // of the next id
  fake::eeprom[cell] = static_cast<uint8_t>(mark_of("k1", 2) >> 24);
  fake::worn = cell;
  for (int boots = 0; boots < 2; ++boots) {
    boot();
    wait(kSoaked);
    CHECK(on("k1", 20000) == 0 && on("k2", 1) == 0);
  }
}

// Erased by halves when the power failed, and its turn comes again: at a boot, or in the midst of it.
static void what_was_erased_by_halves_is_erased_again(int waterings) {
  static uint8_t image[kEepromSize];
  spend(0, image);
  power(image);
  CHECK(on("k0", 1000) == 1);
  for (uint16_t cell = store::kStarts; cell < store::kBookings; ++cell) fake::weak[cell] = true;
  for (int boots = 0; boots < 5; ++boots) boot();
  for (int i = 0; i < waterings; ++i) {
    wait(kSoaked);
    CHECK(on(("w" + std::to_string(i)).c_str(), 1000) == 1);
  }
  wait(kSoaked);
  CHECK(cut(2, 0, [] { on("k1", 20000); }) && fake::starts == 2 + waterings);
  boot();
  wait(kSoaked);
  CHECK(on("k1", 20000) == 0 && on("k2", 20000) == 1);
  memset(fake::weak, 0, sizeof fake::weak);
}

int main() {
  cuts_at_a_start(3);
  cuts_at_a_start(0);
  a_watering_that_nobody_booked_counts_in_full();
  blank_cells_are_no_id();
  worn_cells(3);
  worn_cells(0);
  worn_cells_of_a_start();
  no_water_while_a_start_can_not_be_settled();
  what_was_erased_by_halves_is_erased_again(0);
  what_was_erased_by_halves_is_erased_again(1);
  return verdict("started");
}
