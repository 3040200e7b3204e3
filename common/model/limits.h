// SPDX-License-Identifier: Apache-2.0
// Every limit on what comes from outside or is kept inside, once. Units are in the names.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace assay::limits {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Names and identifiers (characters).
inline constexpr size_t kNodeNameChars = 128;
inline constexpr size_t kDeviceIdChars = 128;
inline constexpr size_t kProbeIdChars = 64;
inline constexpr size_t kTextChars = 1024;          // a reason, a message, a model name

// Shape of a device.
inline constexpr uint32_t kUnitsPerDevice = 4096;   // largest CPU socket or GPU we would meet, with room
inline constexpr uint32_t kDevicesPerNode = 64;

// Runner protocol.
inline constexpr size_t kRunnerFrameBytes = 4 * 1024 * 1024;
inline constexpr uint32_t kMismatchRecordsPerUnit = 16;   // kept in full; what is over is counted
inline constexpr uint32_t kOperandSetsPerProbe = 4096;
inline constexpr milliseconds kSliceBudgetMax{60'000};
inline constexpr uint32_t kReplaysPerNode = 32;           // computations of a site's own
inline constexpr uint32_t kReplayArguments = 32;
inline constexpr uint32_t kXidRulesPerNode = 256;         // of a site's own
inline constexpr uint32_t kProbeVariants = 16384;         // that a runner offers: devices x probes x variants
inline constexpr milliseconds kPowerStepMax{1'000};       // of idle, and of heavy work
inline constexpr uint32_t kCpusPerUnitRun = 4;            // that one run works on at once, where it works between CPUs

// Reports, agent to collector.
inline constexpr size_t kReportBytes = 1024 * 1024;
inline constexpr uint32_t kObservationsPerReport = 2048;
inline constexpr uint32_t kUnitResultsPerObservation = kUnitsPerDevice;
inline constexpr uint32_t kIncidentsPerReport = 64;
inline constexpr uint32_t kFindingsPerReport = 64;
inline constexpr uint32_t kClockEventsPerDevice = 16;
inline constexpr uint32_t kXidsPerDevice = 8;             // numbers, the latest ones
inline constexpr uint32_t kOffersPerDevice = 1024;        // probes times variants
inline constexpr uint32_t kEvidenceStepsPerIncident = 256;
inline constexpr uint32_t kCommandsPerReply = 256;

// HTTP.
inline constexpr size_t kHttpHeaderBytes = 16 * 1024;
inline constexpr size_t kHttpBodyBytes = kReportBytes;
inline constexpr size_t kHttpReplyBytes = 64 * 1024 * 1024;  // what assayctl accepts of a reply
inline constexpr size_t kHttpConnections = 40'000;           // 25,000 nodes, people, and room for a reconnect storm
inline constexpr seconds kHttpHandshakeTime{10};
inline constexpr seconds kHttpRequestTime{30};               // from the first byte of a request to its last
inline constexpr seconds kHttpIdleTime{120};                 // a keep-alive connection without a request

// Files.
inline constexpr size_t kConfigBytes = 1024 * 1024;
inline constexpr size_t kGoldenFileBytes = 16 * 1024 * 1024;
inline constexpr size_t kCertificateBytes = 64 * 1024;

// Probing cost.
inline constexpr double kBudgetRatioDefault = 0.001;   // of the unit-seconds of a device
inline constexpr double kBudgetRatioCap = 0.01;        // what packages may configure at most
inline constexpr double kBudgetRatioDemoCap = 0.10;    // only with demo = true
inline constexpr double kBudgetAim = 0.9;              // share of the budget that the pace aims at, so that no ten minutes are over it
inline constexpr milliseconds kSliceDefault{50};
inline constexpr uint32_t kSliceDoublingsMax = 4;      // of the time of a probe whose runs do not fit a slice: 16 slices at most

// Drain hooks.
inline constexpr seconds kHookTimeMax{300};
inline constexpr size_t kHookOutputBytes = 16 * 1024;

// Fleet policy (the figures come from published prevalence, see ARCHITECTURE.md).
inline constexpr uint32_t kBreakerFloor = 3;            // quarantines per window that are always allowed
inline constexpr double kBreakerRatio = 0.005;          // of the scope, when that is more
inline constexpr hours kBreakerWindow{24};
inline constexpr uint32_t kBadGoldenSameDigestDevices = 2;
inline constexpr uint32_t kBadGoldenFloor = 3;
inline constexpr double kBadGoldenRatio = 0.003;
inline constexpr hours kBadGoldenWindow{24};
inline constexpr hours kSuspicionHalfLife{30 * 24};
inline constexpr hours kRecurrenceWindow{90 * 24};
inline constexpr hours kProbationTime{7 * 24};
inline constexpr hours kDoubtTime{7 * 24};              // that a finding of telemetry keeps a device suspect: as long as a part is watched after repair

// Collector, against agents that misbehave.
inline constexpr uint64_t kRecheckRunsPerReport = 4'194'304;   // folded again; about 40 ms of one core
inline constexpr uint32_t kIncidentsPerDevicePerDay = 64;     // new ones; updates of known ones always pass
inline constexpr minutes kDeviceConflictWindow{10};           // two nodes naming one device within it are in conflict

}  // namespace assay::limits
