# Manual pages.

MANPAGES := $(wildcard docs/*.1)
MANPAGES3 := $(wildcard docs/*.3)
# fdfence(3) once more under the name of each function.
MANLINKS3 = $(shell sed -n 's/^\t\t\(fdfence_[a-z_]*\);/\1.3/p' $(SEAL_MAP))

# The picture of the rooms, where graphviz is: kept, since few have it.
docs/rooms.svg: docs/rooms.dot
	$(call say,DOT)
	$(Q)dot -Tsvg $< >$@ && echo "<!-- of rooms.dot, cksum $$(cksum <$<) -->" >>$@

.PHONY: install-docs uninstall-docs
install: install-docs
install-docs:
	install -d "$$DESTDIR$$MANDIR/man1" "$$DESTDIR$$MANDIR/man3"
	install -m 644 $(MANPAGES) "$$DESTDIR$$MANDIR/man1/"
	install -m 644 $(MANPAGES3) "$$DESTDIR$$MANDIR/man3/"
	for page in $(MANLINKS3); do echo ".so man3/fdfence.3" >"$$DESTDIR$$MANDIR/man3/$$page" && chmod 644 "$$DESTDIR$$MANDIR/man3/$$page" || exit; done

uninstall: uninstall-docs
uninstall-docs:
	! cd "$$DESTDIR$$MANDIR" 2>/dev/null || rm -f \
		$(addprefix man1/,$(notdir $(MANPAGES))) $(addprefix man3/,$(notdir $(MANPAGES3)) $(MANLINKS3))
