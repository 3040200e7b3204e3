# SPDX-License-Identifier: Apache-2.0
# The explicit table of all rules, in the order they run. tests/tidy/CMakeLists.txt has one ctest entry for each.
from rules.arrows import Arrows, ThirdPartyHomes
from rules.banned import BannedCalls, MutableGlobals
from rules.dashboards import Dashboards, PrometheusRules
from rules.documents import Changelog, Links, Wording
from rules.scripts import DevScript, Scripts
from rules.shape import FileNames, Lengths, Openings
from rules.units import Units

ALL = [
    Arrows(), ThirdPartyHomes(), Lengths(), FileNames(), Openings(), BannedCalls(), MutableGlobals(),
    Wording(), Links(), Changelog(), Scripts(), DevScript(), PrometheusRules(), Dashboards(), Units(),
]
