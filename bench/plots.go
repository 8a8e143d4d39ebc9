package main

import (
	"context"
	"log"
	"slices"

	"github.com/gosio/sio/bench/load"
	"github.com/gosio/sio/bench/result"
)

// plotted are the servers that plots show: with the raw ones there are no
// rooms, and nothing of Socket.IO to grow.
var plotted = []string{"sio", "node", "bun"}

// plots measures the points of the plots, each line with a fresh process.
func (r *runner) plots(ctx context.Context) {
	for _, p := range []struct {
		name    string
		measure func(load.Target) ([]result.Point, error)
	}{
		{"idle", load.IdlePoints},
		{"castIdle", func(t load.Target) ([]result.Point, error) { return load.CastIdlePoints(t, r.d) }},
		{"castRooms", func(t load.Target) ([]result.Point, error) { return load.CastRoomsPoints(t, r.d) }},
	} {
		for _, s := range r.run.Servers {
			if ctx.Err() != nil {
				return
			}
			if !slices.Contains(plotted, s.Name) {
				continue
			}
			var points []result.Point
			err := with(ctx, s, func(t load.Target) (err error) {
				points, err = p.measure(t)
				return err
			})
			if err != nil {
				r.failed = true
				log.Printf("plot %-10s %-8s FAILED after %d points: %v", p.name, s.Name, len(points), err)
			} else {
				log.Printf("plot %-10s %-8s %d points", p.name, s.Name, len(points))
			}
			for _, point := range points {
				point.Server = s.Name
				r.run.Points = append(r.run.Points, point)
			}
		}
	}
}
