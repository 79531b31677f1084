"""What Redis does; ``now`` and ``keep`` are of :data:`koinonia.common.redis_scripts.PRELUDE`."""

TAKE = """
-- KEYS: of each limit its state (a hash) and its line (a hash of tickets).
-- ARGV: offset of the clock, units, ticket ('' for none), its order (0 when it is new), whether it
-- is urgent, patience and grace in seconds; then, for each limit, either
--   'bucket', rate, burst, lifetime, owed
--   'cap', limit, lifetime, process, granted alone, least total, day of both, four midnights
now = now + ARGV[1]
local units, ticket, order = tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local patience, grace = tonumber(ARGV[6]), tonumber(ARGV[7])
if order == 0 then
    order = math.floor(now * 1000000)
    if ARGV[5] == '1' then order = order - 1e15 end
end

local at = 7
local function text() at = at + 1; return ARGV[at] end
local function number() return tonumber(text()) end

-- How many units wait in a line ahead of us, and whether we stand there ourselves.
local function line_up(line)
    local ahead, standing = 0, false
    local waiting = redis.call('HGETALL', line)
    for i = 1, #waiting, 2 do
        local place, count, until_ = string.match(waiting[i + 1], '(%S+) (%S+) (%S+)')
        if waiting[i] == ticket then
            standing = true
        elseif tonumber(until_) < now then
            redis.call('HDEL', line, waiting[i])
        elseif tonumber(place) < order then
            ahead = ahead + count
        end
    end
    return ahead, standing
end

local function bucket(limit)
    local rate, burst, owed
    rate, burst, limit.lifetime, owed = number(), number(), number(), number()
    local kept = redis.call('HMGET', limit.state, 'tokens', 'at')
    local tokens = burst
    if kept[1] then tokens = math.min(burst, kept[1] + math.max(0, now - kept[2]) * rate) end
    tokens = math.max(math.min(tokens, 0), tokens - owed)
    limit.changed, limit.has_line = owed > 0, true
    local ahead
    ahead, limit.standing = line_up(limit.line)
    local need = ahead > 0 and ahead + units or math.min(units, burst)
    limit.write = function(taken)
        redis.call('HSET', limit.state, 'tokens', tokens - taken, 'at', now)
    end
    return (need - tokens) / rate
end

local function cap(limit)
    local most, process, alone, least, known
    most, limit.lifetime, process, alone = number(), number(), text(), number()
    least, known = number(), number()
    local midnights = {number(), number(), number(), number()}
    local today, tomorrow = midnights[1], midnights[2]
    for i = 2, 3 do
        if midnights[i] <= now then today, tomorrow = midnights[i], midnights[i + 1] end
    end
    if known ~= today then alone, least = 0, 0 end
    local kept, others, stale = redis.call('HGETALL', limit.state), 0, {}
    local used, day = 0, nil
    for i = 1, #kept, 2 do
        local field, value = kept[i], tonumber(kept[i + 1])
        if field == 'used' then used = value
        elseif field == 'day' then day = value
        elseif string.sub(field, 1, 6) == 'alone:' then
            stale[#stale + 1] = field
            if field ~= 'alone:' .. process then others = others + value end
        end
    end
    if day ~= today then used, others = 0, 0 end
    local total = math.max(used + others + alone, least)
    limit.changed = alone > 0
    limit.report = {today, total}
    limit.write = function(taken)
        if day ~= today and #stale > 0 then redis.call('HDEL', limit.state, unpack(stale)) end
        redis.call('HSET', limit.state, 'day', today, 'used', total + taken - others - alone)
        if alone > 0 then redis.call('HSET', limit.state, 'alone:' .. process, alone) end
        limit.report[2] = total + taken
    end
    return total + units > most and tomorrow - now or 0
end

local limits, wait, slowest = {}, 0, nil
for i = 1, #KEYS, 2 do
    local limit = {state = KEYS[i], line = KEYS[i + 1]}
    local seconds = (text() == 'bucket' and bucket or cap)(limit)
    local hold = redis.call('HGET', limit.state, 'hold')
    if hold then seconds = math.max(seconds, hold - now) end
    if seconds > wait then wait, slowest = seconds, limit end
    limits[#limits + 1] = limit
end

local answer = {math.ceil(wait * 1000000), string.format('%.0f', order)}
for _, limit in ipairs(limits) do
    if wait == 0 or limit.changed then
        limit.write(wait == 0 and units or 0)
        keep(limit.state, limit.lifetime)
    end
    local waits = ticket ~= '' and wait > 0 and wait <= patience
    if waits and limit.has_line and (limit.standing or limit == slowest) then
        local leaves = string.format('%.6f', now + math.min(wait, 1) + grace)
        redis.call('HSET', limit.line, ticket, answer[2] .. ' ' .. units .. ' ' .. leaves)
        redis.call('EXPIRE', limit.line, 60)
    elseif limit.standing then
        redis.call('HDEL', limit.line, ticket)
    end
    if limit.report then
        answer[#answer + 1] = tostring(limit.report[1])
        answer[#answer + 1] = tostring(limit.report[2])
    end
end
return answer
"""

HOLD = """
-- KEYS: the state of a limit; ARGV: offset of the clock, seconds.
local until_ = now + ARGV[1] + ARGV[2]
if until_ > tonumber(redis.call('HGET', KEYS[1], 'hold') or 0) then
    redis.call('HSET', KEYS[1], 'hold', string.format('%.6f', until_))
    keep(KEYS[1], math.ceil(ARGV[2]) + 1)
end
"""
