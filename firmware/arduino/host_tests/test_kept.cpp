// What is kept in the EEPROM, with the power failing at every single byte that is written.
#include "../plant_node/src/counter.h"
#include "../plant_node/src/ids.h"
#include "../plant_node/src/ledger.h"
#include "../plant_node/src/store.h"
#include "check.h"
#include "fake_hal.h"

using namespace plant;

static const uint8_t kTorn[] = {0x00, 0xFF, 0x55, 0x01, 0x20, 0x80};

static uint32_t budget(const Ledger &ledger, uint16_t ms) { return ledger.wait(0, ms).budget; }
static uint32_t soak(const Ledger &ledger, uint8_t channel) { return ledger.wait(channel, 0).soak; }

// A chip on which `prepare` has been done.
template <typename Prepare>
static void prepared(Prepare prepare, uint8_t *image) {
  fake::blank();
  fake::writes_left = -1;
  fake::now_ms = 0;
  prepare();
  memcpy(image, fake::eeprom, sizeof fake::eeprom);
}

// Does `act` from this image again and again, the power going one byte later each time, and looks
// at what a next boot makes of it. Says how often it was cut.
template <typename Act, typename Look>
static int cut_everywhere(const uint8_t *image, Act act, Look look) {
  int cuts = 0;
  for (const uint8_t torn : kTorn) {
    for (long at = 0;; ++at) {
      memcpy(fake::eeprom, image, sizeof fake::eeprom);
      fake::writes_left = at;
      fake::torn = torn;
      bool finished = false;
      try {
        act();
        finished = true;
      } catch (const fake::PowerCut &) {
        ++cuts;
      }
      fake::writes_left = -1;
      look(finished);
      if (finished) break;
    }
  }
  return cuts;
}

static void counters() {
  static uint8_t image[kEepromSize];
  prepared([] {
    Counter counter;
    CHECK(!counter.load(store::kLife, store::kLifeSlots));
    counter.start(500);
    for (int i = 0; i < 40; ++i) counter.advance();
    CHECK(counter.value() == 540);
  }, image);
  const int cuts = cut_everywhere(
      image,
      [] {
        Counter counter;
        CHECK(counter.load(store::kLife, store::kLifeSlots));
        counter.advance();
      },
      [](bool finished) {
        Counter counter;
        CHECK(counter.load(store::kLife, store::kLifeSlots));
        CHECK(counter.value() == 541 || (!finished && counter.value() == 540));
      });
  CHECK(cuts >= 6);
}

static void bookings() {
  static uint8_t image[kEepromSize];
  prepared([] {
    Life life;
    Ledger ledger;
    life.begin(true);
    CHECK(ledger.begin(&life, true) == 0);
    CHECK(budget(ledger, 30000) == 0 && soak(ledger, 1) == 0);
    for (uint8_t i = 0; i < 3; ++i) CHECK(ledger.book(1, 30000));
    CHECK(soak(ledger, 1) > 60000 && soak(ledger, 2) == 0);
    CHECK(budget(ledger, 30000) == 0 && budget(ledger, 30001) > 86000000);
  }, image);

  // One more: cut anywhere, the 90 s are never forgotten.
  const int booked = cut_everywhere(
      image,
      [] {
        Life life;
        Ledger ledger;
        life.begin(false);
        ledger.begin(&life, false);
        ledger.book(2, 20000);
      },
      [](bool finished) {
        Life life;
        Ledger ledger;
        life.begin(false);
        ledger.begin(&life, false);
        CHECK(budget(ledger, 30001) != 0);
        if (finished) CHECK(budget(ledger, 10001) != 0 && budget(ledger, 10000) == 0);
        CHECK(soak(ledger, 1) != 0);
      });
  CHECK(booked > 40);

  // The last one is settled at 5 s: cut anywhere, it counts at least that much, and still soaks.
  const int settled = cut_everywhere(
      image,
      [] {
        Life life;
        Ledger ledger;
        life.begin(false);
        ledger.begin(&life, false);
        ledger.settle(5000);
      },
      [](bool finished) {
        Life life;
        Ledger ledger;
        life.begin(false);
        ledger.begin(&life, false);
        CHECK(budget(ledger, 30000) == 0 || !finished);
        CHECK(soak(ledger, 1) != 0);
        if (finished) CHECK(budget(ledger, 55000) == 0);
        CHECK(budget(ledger, 55001) != 0);
      });
  CHECK(settled > 20);
}

static void a_lost_ledger() {
  static uint8_t image[kEepromSize];
  prepared([] {
    Life life;
    Ledger ledger;
    life.begin(true);
    ledger.begin(&life, true);
  }, image);
  for (uint16_t i = 0; i < store::kBookingSize * store::kBookingSlots; ++i) {
    fake::eeprom[store::kBookings + i] = static_cast<uint8_t>(i * 37);
  }
  Life life;
  Ledger ledger;
  life.begin(false);
  CHECK(ledger.begin(&life, false) == store::kBookingSlots);
  CHECK(budget(ledger, 1) > 86000000 && soak(ledger, 3) > 0);
  // Only time with power gives it back, over any number of boots.
  for (int boot = 0; boot < 30; ++boot) {
    fake::now_ms = 0;
    life.begin(false);
    CHECK(ledger.begin(&life, false) == 0);
    CHECK(budget(ledger, 1) != 0);
    for (int minute = 0; minute < 45; ++minute) {
      fake::now_ms += 60000;
      life.save();
    }
  }
  fake::now_ms = 0;
  life.begin(false);
  ledger.begin(&life, false);
  const uint32_t wait = budget(ledger, 1);
  CHECK(wait > 0 && wait < 86400000 / 2);
  fake::now_ms += wait;
  CHECK(budget(ledger, 30000) == 0);
}

static void a_cell_that_fails_while_the_node_runs() {
  static uint8_t image[kEepromSize];
  prepared([] {
    Life life;
    Ledger ledger;
    life.begin(true);
    ledger.begin(&life, true);
    for (uint8_t i = 0; i < 3; ++i) CHECK(ledger.book(1, 30000));
    fake::eeprom[store::kBookings + store::kBookingSize + 2] ^= 0x40;  // of the second booking
    CHECK(budget(ledger, 30000) == 0 && budget(ledger, 30001) != 0);
  }, image);
}

static void a_full_ring() {
  static uint8_t image[kEepromSize];
  prepared([] {
    Life life;
    Ledger ledger;
    life.begin(true);
    ledger.begin(&life, true);
    for (uint8_t i = 0; i < store::kBookingSlots; ++i) {
      CHECK(budget(ledger, 10) == 0);
      CHECK(ledger.book(0, 10));
      fake::now_ms += 61000;
    }
    // Nothing is overwritten that still counts.
    CHECK(budget(ledger, 10) != 0);
    fake::now_ms += budget(ledger, 10);
    CHECK(budget(ledger, 10) == 0);
  }, image);
}

static IdMark id(int number) {
  char text[8];
  const int size = snprintf(text, sizeof text, "c%d", number);
  return mark_of(text, static_cast<uint8_t>(size));
}

static void ids() {
  static uint8_t image[kEepromSize];
  prepared([] {
    Ids ids;
    CHECK(ids.begin(true));
    for (int i = 0; i < 75; ++i) {
      CHECK(ids.known(id(i)) == Ids::kNew);
      CHECK(ids.note(id(i)));
      CHECK(ids.known(id(i)) == Ids::kThisBoot);
    }
  }, image);
  const int cuts = cut_everywhere(
      image,
      [] {
        Ids ids;
        ids.begin(false);
        ids.note(id(75));
      },
      [](bool finished) {
        Ids ids;
        CHECK(ids.begin(false));
        // The power failed: at least the 16 before are still known.
        for (int i = 75 - 30; i < 75; ++i) CHECK(ids.known(id(i)) == Ids::kBefore);
        if (finished) CHECK(ids.known(id(75)) == Ids::kBefore);
        CHECK(ids.note(id(76)) && ids.known(id(76)) == Ids::kThisBoot);
      });
  CHECK(cuts > 25);
}

int main() {
  counters();
  bookings();
  a_lost_ledger();
  a_cell_that_fails_while_the_node_runs();
  a_full_ring();
  ids();
  return verdict("kept");
}
