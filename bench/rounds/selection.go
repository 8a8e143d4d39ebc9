package rounds

import (
	"context"
	"errors"
	"fmt"
	"log"
	"slices"
	"strings"

	"github.com/gosio/sio/bench/process"
	"github.com/gosio/sio/bench/result"
)

// Servers returns those of the known servers, or clients, with one of the
// comma-separated names that can be started, with their versions.
func Servers(ctx context.Context, known []result.Server, names, kind string, version func(context.Context, string) (string, error)) ([]result.Server, error) {
	known, err := Select(known, names, kind, func(s result.Server) string { return s.Name })
	if err != nil {
		return nil, err
	}
	var servers []result.Server
	for _, s := range known {
		s.Version, err = version(ctx, s.Name)
		switch {
		case errors.Is(err, process.ErrMissing):
			log.Printf("WITHOUT %s: %v", s.Name, err)
			continue
		case err != nil:
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
		servers = append(servers, s)
	}
	if servers == nil {
		return nil, fmt.Errorf("no %s is left", kind)
	}
	return servers, nil
}

// Select returns the items that the comma-separated names name, in the
// items' order; no names mean all.
func Select[T any](items []T, names, kind string, nameOf func(T) string) ([]T, error) {
	if names == "" {
		return slices.Clone(items), nil
	}
	wanted := map[string]bool{}
	for name := range strings.SplitSeq(names, ",") {
		if !slices.ContainsFunc(items, func(item T) bool { return nameOf(item) == name }) {
			return nil, fmt.Errorf("no %s %q", kind, name)
		}
		wanted[name] = true
	}
	return slices.DeleteFunc(slices.Clone(items), func(item T) bool { return !wanted[nameOf(item)] }), nil
}
