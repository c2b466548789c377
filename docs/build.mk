# Manual pages.

MANPAGES := $(wildcard docs/*.1)

.PHONY: install-docs uninstall-docs
install: install-docs
install-docs:
	install -d $(DESTDIR)$(MANDIR)/man1
	install -m 644 $(MANPAGES) $(DESTDIR)$(MANDIR)/man1/

uninstall: uninstall-docs
uninstall-docs:
	rm -f $(addprefix $(DESTDIR)$(MANDIR)/man1/,$(notdir $(MANPAGES)))
