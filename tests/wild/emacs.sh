#!/bin/bash
# Emacs in batch mode: shell-command, call-process, asynchronous processes over pipes and ptys
# packages: emacs-nox
# version: emacs --version
# says: ^shell: 42$
. "$(dirname "$0")/lib.bash"

cat >it.el <<'L'
(princ (concat "shell: " (shell-command-to-string "echo $((40 + 2))")))
(dolist (process-connection-type '(nil t))
  (let* ((out "") (p (make-process :name "p" :command '("sh" "-c" "echo asynchronous")
      :sentinel 'ignore :filter (lambda (_ s) (setq out (concat out s))))))
    (while (process-live-p p) (accept-process-output p 1))
    (accept-process-output p 0.2)
    (princ (concat (car (split-string out)) "\n"))))
(with-temp-buffer (insert "b\na\n") (shell-command-on-region (point-min) (point-max) "sort" t t)
  (princ (buffer-string)))
L
emacs -Q --batch -l it.el 2>/dev/null
