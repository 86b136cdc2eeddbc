export const SHELLS = ['bash', 'zsh', 'fish', 'kubectl'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * The script that teaches a shell to complete `seaworthy`: it asks the program itself (`__complete`), which prints a candidate a line,
 * and last `:4` (no files) or `:0` (files as well), as kubectl understands it.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# bash completion of seaworthy: source <(seaworthy completion bash)
_seaworthy() {
  local line words
  words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=()
  while IFS= read -r line; do
    case "$line" in
      :0) compopt -o default ;;
      :*) ;;
      *) COMPREPLY+=("$line") ;;
    esac
  done < <(seaworthy __complete "\${words[@]}" 2>/dev/null)
}
complete -F _seaworthy seaworthy
`,
  zsh: `#compdef seaworthy
# zsh completion of seaworthy: source <(seaworthy completion zsh)
_seaworthy() {
  local -a lines
  lines=("\${(@f)$(seaworthy __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  local last=$lines[-1]
  lines[-1]=()
  (( $#lines )) && compadd -a lines
  [[ $last == :0 ]] && _files
}
compdef _seaworthy seaworthy
`,
  fish: `# fish completion of seaworthy: seaworthy completion fish | source
function __seaworthy
  set -l words (commandline -opc)[2..-1] (commandline -ct)
  seaworthy __complete $words 2>/dev/null | string match -v -r '^:'
end
complete -c seaworthy -a '(__seaworthy)'
`,
  kubectl: `#!/bin/sh
# Completion of \`kubectl seaworthy\`: save it as kubectl_complete-seaworthy, executable, in a folder of PATH.
exec kubectl-seaworthy __complete "$@"
`,
};
