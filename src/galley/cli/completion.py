"""`galley completion`: what a shell needs to complete commands and options."""

import click
from click.shell_completion import get_completion_class

from galley.cli.output import Output, with_output

_SHELLS = ("bash", "zsh", "fish")
# What click leaves out: zsh without its completion system knows no `compdef`, and a help text may
# hold commas.
_MENDED = {
    "zsh": (
        "#compdef galley\n",
        "#compdef galley\n(( $+functions[compdef] )) || { autoload -U compinit && compinit }\n",
    ),
    "fish": ('string split ","', 'string split -m 1 ","'),
}


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
@with_output
def command(shell: str, *, output: Output) -> None:
    """Print what completes commands and options in a shell.

    For one session: `eval "$(galley completion bash)"`, also for zsh, or `galley completion fish |
    source`. For all of them, add that line to ~/.bashrc or ~/.zshrc, or write what it prints to
    ~/.config/fish/completions/galley.fish.
    """
    from galley.cli.main import main  # noqa: PLC0415 - it imports this module

    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 - click knows these three
    script = found(main, {}, "galley", "_GALLEY_COMPLETE").source()
    script = script.replace(*_MENDED.get(shell, ("", "")), 1)
    output.result({"shell": shell, "script": script}, script)
