-- Anywhere, for psql: a store for the records of a fleet, and what an auditor asks it, for PostgreSQL 15 or later:
--
--	psql -v ON_ERROR_STOP=1 -f store.sql fleet
--	./store-load fleet /var/log/fdfence-fleet/*.jsonl
--
-- A record is stored once, however often it is loaded: its id is the key.  Programs and what leaked
-- between them stand once in `cause`; a leak is a line of four numbers.  Only take() and forget() write,
-- so there are no foreign keys, which would have each line looked up again.
create schema if not exists fdfence;
set search_path = fdfence;

-- Whoever writes records writes texts of any length, and an index has room for 2,704 bytes of one.  Not
-- MD5, of which two texts can be made the same: the second would be missing.
create function key(variadic parts text[]) returns bytea language sql immutable parallel safe
	return sha256(convert_to(parts::text, 'UTF8'));

create table host (
	host int generated always as identity primary key,
	name text not null
);
create unique index host_key on host (key(name));

create table cause (
	cause int generated always as identity primary key,
	exe text not null,       -- what leaks
	into_exe text not null,  -- into what
	type text not null,
	what text not null,      -- without what changes from run to run
	severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
	danger text not null
);
create unique index cause_key on cause (key(exe, into_exe, type, what, severity, danger));

create table record (
	id uuid primary key,
	time timestamptz not null, -- the host's, to the microsecond; the id has the rest
	host int not null,
	boot_id uuid,
	source text not null,
	event text not null,
	pid bigint not null,
	uid bigint not null,
	container text,
	more int not null check (more >= 0),       -- descriptors that did not fit
	dropped int not null check (dropped >= 0), -- records before this one that nobody took
	inexact text
);

-- What became of a leak, in the words of `fdfence report --outcome`.
create type outcome as enum ('leaked', 'sealed', 'refused', 'would-leak');

-- One a record and descriptor: take() sees to it.
create table leak (
	record uuid not null,
	cause int not null,
	fd int not null,
	outcome outcome not null
);
create index leak_cause on leak (cause);
-- Only forget() asks for it, and records come in about the order of their ids.
create index leak_record on leak using brin (record);

-- What a target is called in every run: addresses of sockets, no inode, no temporary name.
create function stable(type text, target text, socket json) returns text language sql immutable parallel safe return
	case
	when socket->>'local' is not null then regexp_replace(socket->>'local', ':(3276[89]|327[7-9]\d|32[89]\d\d|3[3-9]\d{3}|[45]\d{4}|60\d{3})$', ':*')
	when socket is not null then coalesce(socket->>'family', 'socket')
	when type in ('pipe', 'socket', 'listener') then type
	when target ~ '^/(tmp|var/tmp|dev/shm|run)/' then regexp_replace(target, '\d+|[A-Za-z0-9]*\d[A-Za-z0-9]{5,}', '*', 'g')
	else coalesce(target, '?')
	end;

-- The tracer only watches: what a rule denies got through there, unless --kill ended the process.
create function became(event text, source text, killed boolean, verdict text) returns outcome language sql immutable
	parallel safe return
	(case
	when event = 'snapshot' then 'would-leak'
	when verdict in ('deny', 'abort') and (source <> 'trace' or killed is true) then 'refused'
	when verdict = 'seal' then 'sealed'
	else 'leaked'
	end)::fdfence.outcome;

-- A time as records have it, and no other that PostgreSQL reads, such as `now` or `infinity`: NULL.
create function instant(written text) returns timestamptz language sql stable parallel safe return
	case when written ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$' then written::timestamptz end;

-- Take what is in the temporary table `incoming` (line text), which goes with it; the number of records
-- that were new.  Several may be at it at a time: all write in the same order.
--
-- What counts is what `fdfence report` counts: not what fdfence itself was given from outside, not an exec
-- that came back, and once what the library and a supervisor have both told, as far as both lines come at
-- a time.
create function take() returns bigint language plpgsql as $$
declare
	fresh bigint;
begin
	create temp table parsed on commit drop as
	select r.* from incoming cross join json_to_record(line::json) as r (id uuid, time text, host text, boot_id uuid,
		source text, event text, pid bigint, uid bigint, container text, more int, dropped int, inexact text, exe text,
		"into" text, killed boolean, in_child boolean, fds json)
	where id is not null;
	drop table incoming;
	insert into fdfence.host (name) select distinct coalesce(host, '?') from parsed order by 1 on conflict do nothing;
	create temp table fresh on commit drop as
	with new as (
		insert into fdfence.record
		select id, fdfence.instant(time), h.host, boot_id, source, event, pid, uid, container, coalesce(more, 0), coalesce(dropped, 0), inexact
		from parsed join fdfence.host h on h.name = coalesce(parsed.host, '?')
		order by id
		on conflict do nothing
		returning id
	)
	select id from new;
	get diagnostics fresh = row_count;
	create temp table turns on commit drop as
	select id, lead(event) over process is not distinct from 'failed' as came_back,
		case when source = 'supervisor' and lag(source) over process = 'shim' and lag(event) over process = 'exec' and
			lag(exe) over process = exe then lag(id) over process end as told
	from (select distinct on (id) id, event, source, host, boot_id, pid, in_child, exe from parsed
		where event in ('exec', 'start', 'failed') and source <> 'command' order by id) as once
	window process as (partition by host, boot_id, pid, in_child is true order by id);
	create temp table leaks on commit drop as
	select id, coalesce(exe, '?') as exe, coalesce("into", '?') as into_exe, d.type,
		fdfence.stable(d.type, d.target, d.socket) as what, d.severity, d.danger, d.fd,
		fdfence.became(event, source, killed, d.verdict) as outcome
	from parsed join fresh using (id) cross join json_to_recordset(fds) as d (fd int, type text, target text,
		socket json, verdict text, severity text, danger text)
	where event in ('exec', 'snapshot') and source <> 'command' and severity is not null; -- what is kept has none
	delete from leaks l using turns t
	where t.id = l.id and (t.came_back and l.outcome <> 'refused' or exists (select from leaks o
		where o.id = t.told and o.fd = l.fd and o.type = l.type and o.what = l.what));
	insert into fdfence.cause (exe, into_exe, type, what, severity, danger)
	select distinct exe, into_exe, type, what, severity, danger from leaks order by 1, 2, 3, 4, 5, 6
	on conflict do nothing;
	insert into fdfence.leak
	select distinct on (l.id, l.fd) l.id, c.cause, l.fd, l.outcome
	from leaks l join fdfence.cause c using (exe, into_exe, type, what, severity, danger)
	order by l.id, l.fd;
	drop table parsed, fresh, turns, leaks;
	return fresh;
end $$;

-- Drop what is older; the number of records that went.  An id begins with its time.
create function forget(before timestamptz) returns bigint language plpgsql as $$
declare
	bound uuid := lpad(to_hex((extract(epoch from before) * 1000000000)::bigint), 16, '0') || repeat('0', 16);
	gone bigint;
begin
	delete from fdfence.leak where record < bound;
	delete from fdfence.record where id < bound;
	get diagnostics gone = row_count;
	return gone;
end $$;

-- What is worst, and where to begin: by cause, the worst first.
create view worst as
select array_position(array['low', 'medium', 'high', 'critical'], severity) as rank, severity, danger, exe,
	into_exe, type, what, count(*) as times, count(distinct r.host) as hosts, min(time) as first, max(time) as last,
	bool_or(outcome = 'leaked') as got_through
from cause join leak l using (cause) join record r on r.id = l.record
group by cause.cause
order by rank desc, times desc;

-- What came up in the last seven days and was not seen before.
create view new_this_week as
select * from worst where first >= now() - interval '7 days';

-- Critical: the new program could not have opened it by itself.  Who, when, where.
create view critical as
select time, h.name as host, uid, exe, into_exe, fd, type, what, danger, outcome, container, r.id
from cause join leak l using (cause) join record r on r.id = l.record join host h using (host)
where severity = 'critical'
order by time desc;

-- Listening sockets that others got: who keeps which address in use.
create view listeners as
select what as address, exe, into_exe, count(*) as times, count(distinct host) as hosts, bool_or(outcome = 'leaked') as got_through
from cause join leak l using (cause) join record r on r.id = l.record
where type = 'listener'
group by what, exe, into_exe
order by hosts desc, times desc;

-- By host and day: to see what an update has changed.
create view by_day as
select h.name as host, date_trunc('day', time) as day, severity, count(*) as leaks
from leak l join cause using (cause) join record r on r.id = l.record join host h using (host)
group by h.name, day, severity;

-- What is not known, so that nobody calls it clean: hosts that say nothing, and records that say that
-- something is missing.  What a clock dates more than a day ahead tells nothing of when it was written.
create view not_seen as
with said as (
	select h.name as host, max(time) filter (where not ahead) as last, sum(more) as fds_missing, sum(dropped) as records_missing,
		count(inexact) as inexact, count(*) filter (where ahead) as ahead
	from host h left join (select *, time > now() + interval '1 day' as ahead from record) r using (host)
	group by h.name
)
select host, last, (last >= now() - interval '1 day') is not true as silent, fds_missing, records_missing, inexact, ahead
from said
where (last >= now() - interval '1 day') is not true or fds_missing > 0 or records_missing > 0 or inexact > 0 or ahead > 0;
