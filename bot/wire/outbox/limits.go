package outbox

import (
	"context"
	"maps"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"fieldbot/bot/talk/chat"
)

// limits keeps a platform's speed: per room, per shared room and overall, and
// the pause that the platform asked for.
type limits struct {
	caps    chat.Caps
	overall *rate.Limiter

	mu     sync.Mutex
	rooms  map[string]*rate.Limiter
	limits map[string]time.Time // rooms that the platform limited, until when
	until  time.Time            // the platform as a whole
}

// manyRooms is how many rooms the platform must limit at once for the limit to be the
// platform's own.
const manyRooms = 3

func newLimits(caps chat.Caps) *limits {
	l := &limits{caps: caps, rooms: map[string]*rate.Limiter{}, limits: map[string]time.Time{}, overall: rate.NewLimiter(rate.Inf, 1)}
	if caps.PerSecond > 0 {
		l.overall = rate.NewLimiter(rate.Limit(caps.PerSecond), caps.PerSecond)
	}
	return l
}

// wait waits until a message may go to a place.
func (l *limits) wait(ctx context.Context, p chat.Place) error {
	if err := l.room(p).Wait(ctx); err != nil {
		return err
	}
	return l.overall.Wait(ctx)
}

func (l *limits) room(p chat.Place) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r, ok := l.rooms[p.Room]; ok {
		return r
	}
	if len(l.rooms) >= maxLimits {
		clear(l.rooms) // each room starts with a full burst again
	}
	every := l.caps.PerRoom
	if !p.Private && l.caps.PerGroup > 0 {
		every = l.caps.PerGroup
	}
	r := rate.NewLimiter(rate.Inf, 1)
	if every > 0 {
		r = rate.NewLimiter(rate.Every(every), max(1, l.caps.RoomBurst))
	}
	l.rooms[p.Room] = r
	return r
}

// limited notes that the platform asked a room to wait. Its lane waits by itself; the
// platform is paused where several rooms were told so.
func (l *limits) limited(room string, now, until time.Time) (all bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.limits, func(_ string, until time.Time) bool { return !until.After(now) })
	if len(l.limits) < maxLimits {
		l.limits[room] = until
	}
	if all = len(l.limits) >= manyRooms; all && until.After(l.until) {
		l.until = until
	}
	return all
}

func (l *limits) paused(now time.Time) bool { return l.left(now) > 0 }

func (l *limits) left(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(0, l.until.Sub(now))
}
