// The node: wires everything, and holds the conversation with Home Assistant.
#pragma once
#include <stdint.h>

#include "backlog.h"
#include "identity.h"
#include "ids.h"
#include "interlock.h"
#include "ledger.h"
#include "life.h"
#include "line_reader.h"
#include "message.h"
#include "outputs.h"
#include "sampler.h"
#include "wiring.h"

namespace plant {

class Node {
 public:
  Node();
  void begin();

  // One turn of the main loop; nothing in it waits for longer than a message takes to go out.
  void poll();

  // A byte of the cable. False when it can't be taken yet: a whole line waits to be read.
  bool hear(uint8_t byte);
  // Bytes of the cable were lost.
  void deaf() { reader_.spoil(); }

 private:
  // Logs that wait to be sent, as bits.
  enum Log : uint8_t { kLedgerLost = 1, kIdsLost = 2, kWiringLost = 4, kHung = 8 };

  struct Ack {
    Id id;
    Answer answer;
  };
  static const uint8_t kAcks = 4;

  void connect(uint8_t slot);
  void load_rhythm();
  bool keep_rhythm(uint32_t every, uint16_t sample);
  void read_line();
  void take(const Message &m);
  void opened();
  void confirmed(const Message &m);
  void blink(uint32_t now);
  void restart_when_told(uint32_t now);

  // commands.cpp
  void command(const Message &m);
  void acknowledge(const Id &id, const Answer &answer);
  Error channel(const Message &m, uint8_t *slot) const;
  bool note(const Message &m);
  Answer run(const Message &m);
  Answer switch_on(const Message &m, uint8_t slot);
  Answer set_level(const Message &m, uint8_t slot);
  void stop(const Message &m);
  Answer restart(const Message &m);
  Answer configure(const Message &m, Error wrong, uint8_t slot);
  Answer set_rhythm(const Message &m);
  Answer calibrate(const Message &m, uint8_t slot);
  Answer wire(const Message &m, Error wrong, uint8_t slot);
  Answer unfinished();

  // talk.cpp
  void talk(uint32_t now);
  void send_next(uint32_t now);
  void send_hello();
  void send_ack(const Ack &ack);
  bool send_log();
  void send_readings(const ReadingSet &set, uint32_t number, uint32_t now);
  void spoken();

  LineReader reader_;
  LineWriter out_;
  Identity identity_;
  Wiring wiring_;
  Life life_;
  Ledger ledger_;
  Ids ids_;
  Interlock interlock_;
  Outputs outputs_;
  Backlog backlog_;
  Sampler sampler_;
  Ack acks_[kAcks];
  uint32_t every_ = 60;  // seconds
  uint32_t spoke_at_ = 0, heard_at_ = 0, safety_at_ = 0, bucket_at_ = 0, blink_from_ = 0;
  uint32_t restart_at_ = 0;
  uint16_t tokens_ = 0;
  uint16_t sample_ = kSampleDefault;  // seconds
  uint16_t refused_ = 0;              // messages that made no sense
  uint8_t ack_count_ = 0, logs_ = 0;
  uint8_t heartbeats_ = 0;  // empty lines that wait for their answer
  bool line_waits_ = false;
  bool hello_due_ = true, greeted_ = false, restarting_ = false, blinking_ = false;
};

}  // namespace plant
