# make.sh builds this: some of preload/core, without optimisation.
OBJ := $(patsubst %,$(OUT)/%.o,glob ranges socket text)

$(OUT)/core.a: $(OBJ)
	ar rcs $@ $^

$(OUT)/%.o: preload/core/%.c
	@mkdir -p $(@D)
	$(CC) -I. -std=gnu11 -D_GNU_SOURCE -O0 -fPIC -c -o $@ $<
