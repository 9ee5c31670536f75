-- wrk: all 576 profiles in turn, a thousand officers in each request.
local sects = {"alawite", "sunni", "druze", "christian", "ismaili", "other"}
local ranks = {"conscript", "nco", "lieutenant", "captain", "major", "colonel", "brigadier", "general"}
local levels = {"ordinary", "favoured", "elite"}
local ties = {"outside", "connected", "trusted", "core"}
local officers = {}
for number = 0, 999 do
  officers[#officers + 1] = string.format(
    '{"sect": "%s", "rank": "%s", "eliteness": "%s", "proximity": "%s"}',
    sects[number % 6 + 1],
    ranks[math.floor(number / 6) % 8 + 1],
    levels[math.floor(number / 48) % 3 + 1],
    ties[math.floor(number / 144) % 4 + 1]
  )
end
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"officers": [' .. table.concat(officers, ", ") .. "]}"
