/*
 * bench_intent.c: what reading intent costs an exec that means nothing: 4 KiB of
 * environment and 20 arguments, as of a login with a desktop.  Linked with the
 * objects of the shim.  Prints nanoseconds, and the ratio to a plain scan of the
 * same bytes in the same rounds, which neighbours on the machine change less.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "preload/core/intent.h"

#define ROUNDS 201
#define TIMES  2000

static char *argv[] = { "/usr/bin/rsync",
			"--archive",
			"--delete",
			"--numeric-ids",
			"--exclude",
			"*.tmp",
			"--exclude=/proc",
			"--info=progress2",
			"-e",
			"ssh -p 2222 -i /home/user/.ssh/id_ed25519",
			"--bwlimit=20000",
			"--partial-dir=.part",
			"--log-file=/var/log/rsync.log",
			"--timeout",
			"300",
			"--files-from=/tmp/list",
			"--chmod=D755,F644",
			"--safe-links",
			"/srv/data/",
			"backup@host.example.org:/volume1/data/",
			NULL };

static char *envp[128] = {
	"SHELL=/bin/bash",
	"SESSION_MANAGER=local/host:@/tmp/.ICE-unix/1234,unix/host:/tmp/.ICE-unix/1234",
	"QT_ACCESSIBILITY=1",
	"COLORTERM=truecolor",
	"XDG_CONFIG_DIRS=/etc/xdg/xdg-gnome:/etc/xdg",
	"XDG_MENU_PREFIX=gnome-",
	"GNOME_DESKTOP_SESSION_ID=this-is-deprecated",
	"LANGUAGE=en_GB:en",
	"LC_ADDRESS=de_DE.UTF-8",
	"LC_NAME=de_DE.UTF-8",
	"SSH_AUTH_SOCK=/run/user/1000/keyring/ssh",
	"DESKTOP_SESSION=gnome",
	"LC_MONETARY=de_DE.UTF-8",
	"EDITOR=vim",
	"GTK_MODULES=gail:atk-bridge",
	"PWD=/home/user",
	"XDG_SESSION_DESKTOP=gnome",
	"LOGNAME=user",
	"XDG_SESSION_TYPE=wayland",
	"SYSTEMD_EXEC_PID=1433",
	"XAUTHORITY=/run/user/1000/.mutter-Xwaylandauth.7XK2K1",
	"HOME=/home/user",
	"USERNAME=user",
	"LC_PAPER=de_DE.UTF-8",
	"LANG=en_GB.UTF-8",
	"LS_COLORS=rs=0:di=01;34:ln=01;36:mh=00:pi=40;33:so=01;35:do=01;35:bd=40;33;01:cd=40;33;01:"
	"or=40;31;01:mi=00:su=37;41:sg=30;43:ca=00:tw=30;42:ow=34;42:st=37;44:ex=01;32:*.tar=01;31:"
	"*.tgz=01;31:*.arc=01;31:*.arj=01;31:*.taz=01;31:*.lha=01;31:*.lz4=01;31:*.lzh=01;31:"
	"*.lzma=01;31:*.tlz=01;31:*.txz=01;31:*.tzo=01;31:*.t7z=01;31:*.zip=01;31:*.z=01;31:*.dz="
	"01;31:"
	"*.gz=01;31:*.lrz=01;31:*.lz=01;31:*.lzo=01;31:*.xz=01;31:*.zst=01;31:*.tzst=01;31:*.bz2="
	"01;31:"
	"*.bz=01;31:*.tbz=01;31:*.tbz2=01;31:*.tz=01;31:*.deb=01;31:*.rpm=01;31:*.jar=01;31:*.war="
	"01;31:"
	"*.ear=01;31:*.sar=01;31:*.rar=01;31:*.alz=01;31:*.ace=01;31:*.zoo=01;31:*.cpio=01;31:"
	"*.7z=01;31:*.rz=01;31:*.cab=01;31:*.wim=01;31:*.swm=01;31:*.dwm=01;31:*.esd=01;31:*.avif="
	"01;35:"
	"*.jpg=01;35:*.jpeg=01;35:*.mjpg=01;35:*.mjpeg=01;35:*.gif=01;35:*.bmp=01;35:*.pbm=01;35:"
	"*.pgm=01;35:*.ppm=01;35:*.tga=01;35:*.xbm=01;35:*.xpm=01;35:*.tif=01;35:*.tiff=01;35:"
	"*.png=01;35:*.svg=01;35:*.svgz=01;35:*.mng=01;35:*.pcx=01;35:*.mov=01;35:*.mpg=01;35:",
	"XDG_CURRENT_DESKTOP=GNOME",
	"VTE_VERSION=7006",
	"WAYLAND_DISPLAY=wayland-0",
	"GNOME_TERMINAL_SCREEN=/org/gnome/Terminal/screen/3c1b6f3a_5f3a_4a4a_9f0c_0c6a0a5a2b11",
	"GNOME_SETUP_DISPLAY=:1",
	"XDG_SESSION_CLASS=user",
	"TERM=xterm-256color",
	"LC_IDENTIFICATION=de_DE.UTF-8",
	"USER=user",
	"GNOME_TERMINAL_SERVICE=:1.105",
	"DISPLAY=:0",
	"SHLVL=1",
	"LC_TELEPHONE=de_DE.UTF-8",
	"QT_IM_MODULE=ibus",
	"LC_MEASUREMENT=de_DE.UTF-8",
	"XDG_RUNTIME_DIR=/run/user/1000",
	"LC_TIME=de_DE.UTF-8",
	"JAVA_HOME=/usr/lib/jvm/default-java",
	"XDG_DATA_DIRS=/usr/share/gnome:/home/user/.local/share/flatpak/exports/share:"
	"/var/lib/flatpak/exports/share:/usr/local/share/:/usr/share/",
	"PATH=/home/user/.cargo/bin:/home/user/.local/bin:/usr/local/bin:/usr/bin:/bin:/usr/local/"
	"games",
	"DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus",
	"LC_NUMERIC=de_DE.UTF-8",
	"OLDPWD=/home/user/src",
	"MAIL=/var/mail/user",
	"LESSOPEN=| /usr/bin/lesspipe %s",
	"_=/usr/bin/rsync",
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Byte by byte, what the least reader has to do. */
static unsigned plain(char *const *text)
{
	unsigned sum = 0;

	for (; *text; text++)
		for (const char *s = *text; *s; s++)
			sum += *s == '/';
	return sum;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(void)
{
	static double reading[ROUNDS], scan[ROUNDS];
	static char pad[4096];
	struct fdf_exec x = { .argv = argv, .envp = envp, .pid = 4711 };
	struct fdf_intent in;
	volatile unsigned sink = 0;
	size_t bytes = 0, n = 0;

	while (envp[n])
		bytes += strlen(envp[n++]) + 1;
	if (bytes < 4096) {
		memset(pad, 'x', 4096 - bytes);
		memcpy(pad, "NOTES=", 6);
		envp[n] = pad;
	}
	x.exe = fdf_str("/usr/lib/postgresql/15/bin/postgres");
	x.into = fdf_str(argv[0]);
	for (int r = 0; r < ROUNDS; r++) {
		double t = now();

		for (int i = 0; i < TIMES; i++) {
			fdf_intent_read(&in, &x, FDF_INTENT_DEFAULT);
			sink += in.n;
		}
		reading[r] = (now() - t) / TIMES;
		t = now();
		for (int i = 0; i < TIMES; i++)
			sink += plain(argv) + plain(envp);
		scan[r] = (now() - t) / TIMES;
	}
	if (in.n || in.image) {
		fprintf(stderr, "bench_intent: something is meant\n");
		return EXIT_FAILURE;
	}
	qsort(reading, ROUNDS, sizeof(*reading), compare);
	qsort(scan, ROUNDS, sizeof(*scan), compare);
	printf("intent: %.0f ns (least %.0f, quartiles %.0f, %.0f); plain scan of the same bytes: "
	       "%.0f ns; "
	       "ratio %.2f\n",
	       reading[ROUNDS / 2], reading[0], reading[ROUNDS / 4], reading[ROUNDS * 3 / 4],
	       scan[ROUNDS / 2], reading[ROUNDS / 2] / scan[ROUNDS / 2]);
	return EXIT_SUCCESS;
}
