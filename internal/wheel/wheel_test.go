package wheel_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/internal/wheel"
)

func TestFiresOnceNeverEarly(t *testing.T) {
	delays := []time.Duration{
		0, 1, time.Millisecond, wheel.Tick - 1, wheel.Tick, wheel.Tick + 1, 99 * time.Millisecond,
		2550 * time.Millisecond, 2560 * time.Millisecond, 2570 * time.Millisecond, 5120 * time.Millisecond,
		25 * time.Second, 45 * time.Second, 10 * time.Minute, 11 * time.Minute, 3 * time.Hour,
	}
	for _, d := range delays {
		t.Run(d.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var w wheel.Wheel
				var timer wheel.Timer
				time.Sleep(3 * time.Millisecond) // off the grid
				start := time.Now()
				fired := make(chan time.Duration, 2)
				w.Set(&timer, d, wheel.Func(func() { fired <- time.Since(start) }))
				took := <-fired
				if took < d || took > d+wheel.Tick {
					t.Errorf("fired after %v", took)
				}
				time.Sleep(d + time.Hour)
				synctest.Wait()
				if len(fired) != 0 {
					t.Error("fired twice")
				}
			})
		})
	}
}

// On the wheel's grid, where fake time begins, timers are exact: one after the
// other, they fire just when they should.
func TestExactOnTheGrid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w wheel.Wheel
		var timer wheel.Timer
		start := time.Now()
		fired := make(chan struct{})
		for range 10 {
			w.Set(&timer, 25*time.Second, wheel.Func(func() { fired <- struct{}{} }))
			<-fired
		}
		if took := time.Since(start); took != 250*time.Second {
			t.Errorf("10 timers of 25 s took %v", took)
		}
	})
}

func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w wheel.Wheel
		var timer wheel.Timer
		w.Set(&timer, time.Second, wheel.Func(func() { t.Error("a stopped timer fired") }))
		if !w.Stop(&timer) {
			t.Error("Stop of a set timer reported false")
		}
		if w.Stop(&timer) {
			t.Error("Stop of an unset timer reported true")
		}
		if w.Len() != 0 {
			t.Error("the wheel is not empty")
		}
		time.Sleep(time.Minute)
	})
}

func TestMove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w wheel.Wheel
		var timer wheel.Timer
		start := time.Now()
		fired := make(chan time.Duration, 2)
		task := wheel.Func(func() { fired <- time.Since(start) })
		w.Set(&timer, time.Hour, task)
		w.Set(&timer, time.Second, task) // sooner: the sleeping wheel must notice
		if took := <-fired; took < time.Second || took > time.Second+3*wheel.Tick {
			t.Errorf("fired after %v", took)
		}
		for range 10 {
			w.Set(&timer, time.Second, task)
			time.Sleep(900 * time.Millisecond)
		}
		synctest.Wait()
		if len(fired) != 0 {
			t.Error("a timer that was put off fired")
		}
	})
}

func TestTaskMaySetTimers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w wheel.Wheel
		var timer wheel.Timer
		done := make(chan struct{})
		n := 0
		var task wheel.Func
		task = func() {
			if n++; n == 100 {
				close(done)
				return
			}
			w.Set(&timer, 250*time.Millisecond, task)
		}
		w.Set(&timer, 0, task)
		<-done
	})
}

func TestManyTimers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w wheel.Wheel
		var mu sync.Mutex
		r := rand.New(rand.NewPCG(1, 2))
		start, fired := time.Now(), 0
		timers := make([]wheel.Timer, 5000)
		for i := range timers {
			d := time.Duration(r.Int64N(int64(20 * time.Minute)))
			w.Set(&timers[i], d, wheel.Func(func() {
				mu.Lock()
				defer mu.Unlock()
				fired++
				if late := time.Since(start) - d; late < 0 || late > 3*wheel.Tick {
					t.Errorf("a timer of %v was %v late", d, late)
				}
			}))
		}
		time.Sleep(21 * time.Minute)
		synctest.Wait()
		if fired != len(timers) || w.Len() != 0 {
			t.Errorf("%d fired, %d left", fired, w.Len())
		}
	})
}

func TestConcurrentUse(t *testing.T) {
	var w wheel.Wheel
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			var timer wheel.Timer
			for i := range 2000 {
				w.Set(&timer, time.Duration(i%30)*time.Millisecond, wheel.Func(func() {}))
				if i%3 == 0 {
					w.Stop(&timer)
				}
			}
			w.Stop(&timer)
		})
	}
	wg.Wait()
}

func TestSetAllocatesNothing(t *testing.T) {
	var w wheel.Wheel
	var timer wheel.Timer
	task := wheel.Func(func() {})
	w.Set(&timer, time.Hour, task)
	if n := testing.AllocsPerRun(1000, func() { w.Set(&timer, time.Hour, task) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	w.Stop(&timer)
}

func TestIsSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w wheel.Wheel
		var timer wheel.Timer
		seen := make(chan bool, 1)
		if w.IsSet(&timer) {
			t.Error("set before")
		}
		w.Set(&timer, time.Second, wheel.Func(func() { seen <- w.IsSet(&timer) }))
		if !w.IsSet(&timer) {
			t.Error("not set")
		}
		if <-seen {
			t.Error("set while its task runs")
		}
		w.Set(&timer, time.Second, wheel.Func(func() {}))
		w.Stop(&timer)
		if w.IsSet(&timer) {
			t.Error("set though stopped")
		}
	})
}
