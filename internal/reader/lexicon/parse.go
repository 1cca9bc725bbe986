package lexicon

import (
	"fmt"
	"io/fs"
	"strings"
)

func (l *Lexicon) parseVerbs(fsys fs.FS) error {
	text, err := fs.ReadFile(fsys, "verbs.txt")
	if err != nil {
		return err
	}
	for n, line := range strings.Split(string(text), "\n") {
		head, rest, ok := strings.Cut(line, ":")
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		kind, class, found := strings.Cut(head, " ")
		if !ok || !found {
			return fmt.Errorf("verbs.txt:%d: want 'class NAME: words'", n+1)
		}
		switch kind {
		case "class":
			for _, w := range strings.Fields(rest) {
				l.addVerb(strings.Join(stems(w), "-"), class)
			}
		case "api":
			l.apis[class] = strings.Fields(rest)
		default:
			return fmt.Errorf("verbs.txt:%d: unknown line %q", n+1, kind)
		}
	}
	return nil
}

func (l *Lexicon) addVerb(word, class string) {
	for _, c := range l.classes[word] {
		if c == class {
			return
		}
	}
	l.classes[word] = append(l.classes[word], class)
}

func (l *Lexicon) parseWords(fsys fs.FS) error {
	text, err := fs.ReadFile(fsys, "words.txt")
	if err != nil {
		return err
	}
	for _, line := range strings.Split(string(text), "\n") {
		list, rest, ok := strings.Cut(line, ":")
		if strings.HasPrefix(line, "#") || !ok {
			continue
		}
		if l.words[list] == nil {
			l.words[list] = map[string]bool{}
		}
		for _, w := range strings.Fields(rest) {
			l.words[list][w] = true
			if from, to, ok := strings.Cut(w, "="); ok && from != "" && to != "" {
				if l.pairs[list] == nil {
					l.pairs[list] = map[string]string{}
				}
				l.pairs[list][from] = to
			}
		}
	}
	text, err = fs.ReadFile(fsys, "regions.txt")
	if err != nil {
		return err
	}
	for _, line := range strings.Split(string(text), "\n") {
		code, names, ok := strings.Cut(line, ":")
		if strings.HasPrefix(line, "#") || !ok {
			continue
		}
		l.regions[code] = code
		for _, name := range strings.Split(names, "|") {
			l.regions[strings.TrimSpace(name)] = code
		}
	}
	return nil
}

// parseService reads the head of a phrasebook; the tasks are kept as text.
func parseService(text string) (*Service, error) {
	s := &Service{Nouns: map[string][]string{}}
	head, tasks := text, ""
	if i := strings.Index(text, "\ntask "); i >= 0 {
		head, tasks = text[:i+1], text[i+1:]
	}
	s.source = tasks
	for n, line := range strings.Split(head, "\n") {
		word, rest, _ := strings.Cut(stripComment(line), " ")
		if word == "" {
			continue
		}
		if err := s.headLine(word, strings.TrimSpace(rest)); err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	if s.Prefix == "" {
		return nil, fmt.Errorf("no 'service' line")
	}
	return s, nil
}

func (s *Service) headLine(word, rest string) error {
	switch word {
	case "service":
		s.Prefix = rest
	case "name":
		s.addEntries(Name, "", rest)
	case "hint":
		s.addEntries(Hint, "", rest)
	case "noun", "key":
		typ, phrases, ok := strings.Cut(rest, ": ")
		if !ok {
			return fmt.Errorf("want '%s TYPE: phrases'", word)
		}
		if word == "key" {
			s.addEntries(Key, typ, phrases)
			return nil
		}
		if s.Main == "" {
			s.Main = typ
		}
		s.Nouns[typ] = append(s.Nouns[typ], splitAlternatives(phrases)...)
		s.addEntries(Noun, typ, phrases)
	case "id":
		typ, shapes, ok := strings.Cut(rest, ":")
		if !ok {
			return fmt.Errorf("want 'id TYPE: shape'")
		}
		for _, shape := range strings.Split(shapes, "|") {
			prefix, suffix, _ := strings.Cut(strings.TrimSpace(shape), "*")
			s.IDs = append(s.IDs, ID{Type: typ, Prefix: prefix, Suffix: suffix})
		}
	case "principal":
		if s.Principal == "" { // the first line is the one meant by the service's plain name
			s.Principal = rest
		}
	default:
		return fmt.Errorf("unknown line %q", word)
	}
	return nil
}

func (s *Service) addEntries(kind EntryKind, typ, phrases string) {
	for _, p := range splitAlternatives(phrases) {
		if words := stems(p); len(words) > 0 {
			s.entries = append(s.entries, Entry{Words: words, Text: strings.ToLower(p), Kind: kind, Service: s.Prefix, Type: typ})
		}
	}
}

func splitAlternatives(s string) []string {
	var out []string
	for _, p := range strings.Split(s, "|") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

func stripComment(line string) string {
	if strings.HasPrefix(line, "#") {
		return ""
	}
	if i := strings.Index(line, " #"); i >= 0 {
		line = line[:i]
	}
	return strings.TrimSpace(line)
}

func parseTasks(prefix, text string) ([]*Task, error) {
	var tasks []*Task
	for n, line := range strings.Split(text, "\n") {
		word, rest, _ := strings.Cut(stripComment(line), " ")
		rest = strings.TrimSpace(rest)
		if word == "" {
			continue
		}
		if word == "task" {
			tasks = append(tasks, &Task{Service: prefix, Name: rest})
			continue
		}
		if len(tasks) == 0 {
			return nil, fmt.Errorf("line %d: %q before the first task", n+1, word)
		}
		if err := tasks[len(tasks)-1].line(word, rest); err != nil {
			return nil, fmt.Errorf("task %s: %w", tasks[len(tasks)-1].Name, err)
		}
	}
	return tasks, nil
}

func (t *Task) line(word, rest string) error {
	switch word {
	case "say":
		t.Says = append(t.Says, parsePattern(rest))
	case "do":
		actions, on, _ := strings.Cut(rest, " on ")
		d := Do{On: strings.Fields(on)}
		for _, a := range strings.Fields(actions) {
			if !strings.Contains(a, ":") {
				a = t.Service + ":" + a
			}
			d.Actions = append(d.Actions, a)
		}
		t.Do = append(t.Do, d)
	case "with":
		action, because, ok := strings.Cut(rest, " because ")
		if !ok {
			return fmt.Errorf("want 'with ACTION because REASON'")
		}
		t.With = append(t.With, Companion{Action: strings.TrimSpace(action), Because: strings.TrimSpace(because)})
	case "where":
		fields := strings.Fields(rest)
		if len(fields) < 3 || fields[1] != "is" {
			return fmt.Errorf("want 'where KEY is VALUES'")
		}
		t.Where = append(t.Where, Test{Key: fields[0], Values: fields[2:]})
	case "why":
		t.Why = rest
	case "page":
		t.Page = rest
	default:
		return fmt.Errorf("unknown line %q", word)
	}
	return nil
}

func parsePattern(text string) Pattern {
	var p Pattern
	for _, field := range strings.Fields(text) {
		slot := Slot{Words: map[string]bool{}, Classes: map[string]bool{}}
		if strings.HasSuffix(field, "?") {
			slot.Optional, field = true, strings.TrimSuffix(field, "?")
		}
		if strings.HasPrefix(field, "!") {
			slot.Not, field = true, strings.TrimPrefix(field, "!")
		}
		for _, alt := range strings.Split(field, "|") {
			if class, ok := strings.CutPrefix(alt, "@"); ok {
				slot.Classes[class] = true
			} else if alt != "" {
				slot.Words[strings.Join(stems(alt), "-")] = true
			}
		}
		p.Slots = append(p.Slots, slot)
	}
	return p
}
