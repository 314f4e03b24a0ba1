// The framing of the cable and what is read out of a line.
#include <string.h>

#include <string>

#include "../plant_node/src/crc16.h"
#include "../plant_node/src/line_reader.h"
#include "../plant_node/src/line_writer.h"
#include "../plant_node/src/message.h"
#include "check.h"
#include "fake_hal.h"

using namespace plant;

static std::string sent;
static void keep(uint8_t byte) { sent += static_cast<char>(byte); }

static std::string framed(const std::string &json) {
  uint16_t crc = kCrcStart;
  for (char c : json) crc = crc16(crc, static_cast<uint8_t>(c));
  char tail[8];
  snprintf(tail, sizeof tail, "*%04X\n", crc);
  return json + tail;
}

// What the reader makes of some bytes: E for an empty line, [json] for a message.
static std::string heard(LineReader *reader, const std::string &bytes) {
  std::string out;
  for (char c : bytes) {
    switch (reader->take(static_cast<uint8_t>(c))) {
      case LineReader::kEmpty:
        out += "E";
        break;
      case LineReader::kMessage:
        out += "[" + std::string(reader->text(), reader->size()) + "]";
        break;
      case LineReader::kMore:
        break;
    }
  }
  return out;
}

static void checksums() {
  uint16_t crc = kCrcStart;
  for (char c : std::string("123456789")) crc = crc16(crc, static_cast<uint8_t>(c));
  CHECK(crc == 0x29B1);
}

static void lines() {
  LineReader reader;
  CHECK(heard(&reader, framed("{}")) == "[{}]");
  CHECK(heard(&reader, "\n\r\n") == "EE");
  std::string carried = framed("{\"a\":1}");
  carried.insert(carried.size() - 1, "\r");
  CHECK(heard(&reader, carried) == "[{\"a\":1}]");
  const std::string longest = "\"" + std::string(254, 'x') + "\"";
  CHECK(longest.size() == 256);
  CHECK(heard(&reader, framed(longest)) == "[" + longest + "]");

  const uint16_t before = reader.dropped();
  CHECK(heard(&reader, framed(longest + " ")) == "");           // one byte too many
  CHECK(heard(&reader, std::string(5000, 'y') + "\n") == "");
  CHECK(heard(&reader, "{}*FFFF\n") == "");
  CHECK(heard(&reader, "{}\n") == "");
  CHECK(heard(&reader, "*FFFF\n") == "");                       // nothing, and its right checksum
  CHECK(heard(&reader, framed("\xC0\x80")) == "");
  CHECK(heard(&reader, framed("\xED\xA0\x80")) == "");
  CHECK(heard(&reader, framed("\xF4\x90\x80\x80")) == "");
  CHECK(heard(&reader, framed("\xE2\x82")) == "");
  CHECK(reader.dropped() == before + 9);
  CHECK(heard(&reader, "{\"t\":\"hi\"}*E63F\n") == "[{\"t\":\"hi\"}]");
  CHECK(heard(&reader, "{\"t\":\"hi\"}*e63f\n") == "");  // lower case
  CHECK(heard(&reader, framed("\xF4\x8F\xBF\xBF\xE2\x82\xAC\xC3\xA9")) != "");
  reader.take('{');
  reader.spoil();
  CHECK(heard(&reader, framed("}")) == "");
  CHECK(heard(&reader, framed("{}")) == "[{}]");                // the next \n began anew
}

static bool read(const std::string &json, Message *message) {
  // A copy of exactly this size, so that a sanitizer sees every byte too many.
  char *copy = new char[json.size()];
  memcpy(copy, json.data(), json.size());
  const bool good = read_message(copy, json.size(), message);
  delete[] copy;
  return good;
}

static void commands() {
  Message m;
  CHECK(read("{\"t\":\"cmd\",\"c\":\"0123456789abcdef\",\"op\":\"on\",\"ch\":1,\"ms\":30000}", &m));
  CHECK(m.type == Type::kCommand && m.op == Op::kOn && m.id.size == 16);
  CHECK(m.channel.in(1, 1) && m.ms.in(30000, 30000) && m.level.is == Field::kAbsent);
  CHECK(read(" { \"op\" : \"config\" , \"set\" : {\"med\":5,\"db\":0.25,\"hb\":60},\"t\":\"cmd\"} ", &m));
  CHECK(m.op == Op::kConfig && m.set == Field::kGood && m.median.in(5, 5));
  CHECK(m.band.in(250, 250) && m.heartbeat.in(60, 60) && m.id.is == Field::kAbsent);
  CHECK(read("{\"t\":\"cmd\",\"set\":{\"db\":200.0009}}", &m) && m.band.value == 200000);
  CHECK(read("{\"t\":\"cmd\",\"set\":{\"db\":2147483.9}}", &m) && m.band.value == INT32_MAX);
  // An exponent is JSON, and nothing anybody has to say to a node.
  CHECK(read("{\"t\":\"cmd\",\"set\":{\"db\":2E2}}", &m) && m.band.is == Field::kWrong);
  CHECK(read("{\"t\":\"cmd\",\"ms\":1e3,\"x\":1e-999}", &m) && m.ms.is == Field::kWrong);
  CHECK(read("{\"t\":\"cmd\",\"set\":{\"db\":-0.1}}", &m) && m.band.is == Field::kWrong);
  CHECK(read("{\"t\":\"cmd\",\"set\":{\"db\":123456789012345}}", &m) && m.band.value == INT32_MAX);
  CHECK(read("{\"t\":\"cmd\",\"ms\":1.0,\"ch\":true,\"lv\":\"5\"}", &m));
  CHECK(m.ms.is == Field::kWrong && m.channel.is == Field::kWrong && m.level.is == Field::kWrong);
  CHECK(read("{\"t\":\"cmd\",\"ms\":99999999999,\"ch\":-99999999999}", &m));
  CHECK(m.ms.value == INT32_MAX && m.channel.value == INT32_MIN);
  CHECK(read("{\"t\":\"cmd\",\"c\":\"01234567890abcdef\"}", &m) && m.id.is == Field::kWrong);
  CHECK(read("{\"t\":\"cmd\",\"c\":\"\"}", &m) && m.id.is == Field::kWrong);
  CHECK(read("{\"\\u0074\":\"\\u0063md\",\"set\":{\"lb\":\"caf\\u00e9 \\ud83c\\udf31\"}}", &m));
  CHECK(m.type == Type::kCommand && m.label.is == Field::kGood);
  CHECK(std::string(m.label.text, m.label.size) == "caf\xC3\xA9 \xF0\x9F\x8C\xB1");
  CHECK(read("{\"t\":\"cmd\",\"set\":{\"med\":3},\"set\":{\"k\":\"m\",\"at\":\"!D53\"}}", &m));
  CHECK(m.median.is == Field::kAbsent && m.kind.size == 1 && m.at.size == 4);
  CHECK(read("{\"t\":\"cmd\",\"set\":[1,{\"med\":3}],\"x\":{\"med\":3}}", &m));
  CHECK(m.set == Field::kWrong && m.median.is == Field::kAbsent);
  CHECK(read("{\"t\":\"got\",\"b\":\"0a1b2c3d\",\"n\":7}", &m) && m.type == Type::kGot);
  CHECK(m.boot.size == 8 && m.number.in(7, 7));
  CHECK(read("{\"t\":\"hi\",\"now\":1795240000000}", &m) && m.now == Field::kGood);
  CHECK(read("{\"t\":\"hi\",\"now\":1.5}", &m) && m.now == Field::kWrong);
  CHECK(read("{\"t\":\"new\"}", &m) && m.type == Type::kOther);
  CHECK(read("{\"t\":\"cmd\",\"op\":\"wire\"}", &m) && m.op == Op::kWire);
  CHECK(read("{\"t\":\"cmd\",\"op\":\"wires\"}", &m) && m.op == Op::kUnknown);
  CHECK(read("{\"t\":\"cmd\",\"op\":\"onlyaverylongone\"}", &m) && m.op == Op::kUnknown);
  CHECK(read("{\"t\":\"cmd\",\"op\":3}", &m) && m.op == Op::kNone);
}

static void not_json() {
  const char *const kBad[] = {
      "", "{", "}", "[]", "1", "{}", "{\"t\"}", "{\"t\":}", "{\"t\":\"cmd\"", "{\"t\":\"cmd\"}}",
      "{\"t\":\"cmd\",}", "{,\"t\":\"cmd\"}", "{\"t\":\"cmd\" \"a\":1}", "{t:\"cmd\"}",
      "{\"t\":\"cmd\",\"a\":01}", "{\"t\":\"cmd\",\"a\":+1}", "{\"t\":\"cmd\",\"a\":1.}",
      "{\"t\":\"cmd\",\"a\":.5}", "{\"t\":\"cmd\",\"a\":1e}", "{\"t\":\"cmd\",\"a\":-}",
      "{\"t\":\"cmd\",\"a\":nul}", "{\"t\":\"cmd\",\"a\":NaN}", "{\"t\":\"cmd\",\"a\":Infinity}",
      "{\"t\":\"cmd\",\"a\":\"\t\"}", "{\"t\":\"cmd\",\"a\":\"\\x\"}", "{\"t\":\"cmd\",\"a\":\"\\u12\"}",
      "{\"t\":\"cmd\",\"a\":\"\\ud800\"}", "{\"t\":\"cmd\",\"a\":\"\\ud800\\u0041\"}",
      "{\"t\":\"cmd\",\"a\":[[[]]]}", "{\"t\":\"cmd\",\"a\":[1,]}", "{\"t\":\"cmd\",\"a\":[1}",
      "{\"t\":\"cmd\",\"a\":{]}", "{\"t\":1}", "{\"x\":\"cmd\"}", "{\"t\":\"cmd\"} x"};
  for (const char *text : kBad) {
    Message m;
    const bool taken = read(text, &m);
    if (taken) fprintf(stderr, "taken: %s\n", text);
    CHECK(!taken);
  }
  Message m;
  CHECK(read("{\"t\":\"cmd\",\"a\":[[],{\"b\":null}],\"d\":{\"e\":[-0.5e+3,\"\\\"\"]}}", &m));
}

static void writing() {
  out::begin(keep);
  out::raw(PV_FLASH("{\"a\":"));
  out::fixed(-5, 1);
  out::raw(',');
  out::fixed(1230, 2);
  out::raw(',');
  out::fixed(120, 1);
  out::raw(',');
  out::number(4294967295u);
  out::raw(',');
  out::string("a\"\\\x01\xC3\xA9", 6);
  out::raw(',');
  out::hex(0xAB, 4);
  out::raw('}');
  out::end();
  const std::string json = "{\"a\":-0.5,12.30,12,4294967295,\"a\\\"\\\\\\u0001\xC3\xA9\",00ab}";
  CHECK(sent == framed(json));
}

int main() {
  checksums();
  lines();
  commands();
  not_json();
  writing();
  return verdict("lines");
}
