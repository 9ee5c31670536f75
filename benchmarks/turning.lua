-- wrk: the bodies of a file, a line each, in turn; what came of it as one line of JSON.
local requests, last = {}, 0

function init(args)
  for body in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, body)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(
    string.format(
      '{"requests": %d, "seconds": %.6f, "p50": %.6f, "p99": %.6f, "failed": %d}\n',
      summary.requests,
      summary.duration / 1e6,
      latency:percentile(50) / 1e6,
      latency:percentile(99) / 1e6,
      errors.status + errors.connect + errors.read + errors.write + errors.timeout
    )
  )
end
