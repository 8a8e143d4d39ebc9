package behaviours

import "strings"

// roundTrips send values there and back, also as what is acknowledged.
var roundTrips = func() []Behaviour {
	var all []Behaviour
	for _, v := range []struct {
		name string
		args []any
	}{
		{"nothing", []any{}},
		{"null", []any{nil}},
		{"booleans", []any{true, false}},
		{"numbers", []any{0, -1, 1.5, 5e-324, 1<<53 - 1, -(1<<53 - 1), -0.25}},
		{"strings", []any{"", "text", `"quotes" and \`, "line\nline\r\n\ttab", "\x00\x1e\x1f", "</script>&<>", "\u2028\u2029"}},
		{"Unicode", []any{"é", "你好", "🏳️‍🌈 😀", "e\u0301", "\ufeff", strings.Repeat("𝕏", 100), "العربية", map[string]any{"ключ": "значение"}}},
		{"arrays", []any{[]any{}, []any{1, []any{2, []any{3, []any{nil}}}}, []any{"a", map[string]any{}}}},
		{"objects", []any{map[string]any{}, map[string]any{"a": 1, "b": map[string]any{"c": []any{true, map[string]any{"d": "e"}}}}, map[string]any{"": 0, "a.b": 2, "__proto_": 3}}},
		{"many arguments", numbers(100)},
		{"things that look like packets", []any{`42["x"]`, "2", "b4AAA", "51-", map[string]any{"_placeholder": 1}, map[string]any{"num": 0}}},
	} {
		all = append(all, Behaviour{"events: " + v.name + ", there and back", nil, func(t *T) {
			s := t.connect("/custom")
			back := t.next(s, "message-back")
			t.emit(s, "message", v.args...)
			t.equal(back(), v.args)
			t.equal(t.ack(s, "message-with-ack", v.args...), v.args)
		}})
	}
	return all
}()
