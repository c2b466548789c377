#!/bin/bash
# Blender, without a screen: a script of its Python that starts programs while a file is open
# packages: blender
# version: blender --version
# says: ^from Blender: 42$
# limit: 240
# leak: ^blender > dash: file r, low -- the script that it runs stays open while it runs
. "$(dirname "$0")/lib.bash"

cat >it.py <<'P'
import bpy, os, subprocess
bpy.ops.wm.save_as_mainfile(filepath='/mnt/home/it.blend')
f = open('/mnt/home/it.blend', 'rb')
print('from Blender:', subprocess.check_output('echo $((40 + 2))', shell=True, text=True).strip(), flush=True)
os.system('echo from a shell')
P
timeout 200 blender --background --factory-startup --python it.py 2>/dev/null | grep '^from'
