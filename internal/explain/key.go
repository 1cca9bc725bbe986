package explain

import "strings"

// key returns the words of a condition key. A key that the table does not have is named.
func (w *writer) key(name string) keyWords {
	keys := table().keys
	lower := strings.ToLower(name)
	if k, ok := keys[lower]; ok {
		return k
	}
	if family, tag, found := strings.Cut(name, "/"); found && tag != "" {
		if k, ok := keys[strings.ToLower(family)+"/"]; ok {
			return k.of(tag)
		}
	}
	if i := strings.LastIndexByte(lower, ':'); i > 0 {
		if k, ok := keys[lower[:i+1]]; ok && i+1 < len(name) {
			return k.of(name[i+1:])
		}
		if k, ok := keys["*"+lower[i:]]; ok && strings.Contains(lower[:i], ".") {
			return k
		}
	}
	return keyWords{subject: "the condition key " + shown(name)}
}

// of returns the words for one member of a family of keys.
func (k keyWords) of(tag string) keyWords {
	fill := strings.NewReplacer("{tag}", strings.NewReplacer("{", "(", "}", ")").Replace(shown(tag))).Replace
	k.subject, k.is, k.isNot = fill(k.subject), fill(k.is), fill(k.isNot)
	k.plural, k.present, k.missing = fill(k.plural), fill(k.present), fill(k.missing)
	return k
}

// values names all values of the key in one request.
func (k keyWords) values(name string) string {
	if k.plural != "" {
		return k.plural
	}
	return "the values of " + shown(name)
}

// presence says that a request has the key, or that it does not.
func (k keyWords) presence(name string, has bool) string {
	phrase, otherwise := k.present, "the request has the key "
	if !has {
		phrase, otherwise = k.missing, "the request does not have the key "
	}
	if phrase == "" {
		phrase = otherwise + shown(name)
	}
	return phrase
}
