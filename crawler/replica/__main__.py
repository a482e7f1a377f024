"""How is the replica run alone?  `python -m crawler.replica --port 8090`, until it is interrupted or told to stop."""

import click

from crawler.replica.server import serve


@click.command()
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="The port; 0 takes a free one.")
def main(port: int) -> None:
    """Serve the replica site on loopback."""
    with serve(port) as replica:
        click.echo(f"http://127.0.0.1:{replica.port}/ (resolve = {replica.resolve})")
        replica.stopped.wait()


if __name__ == "__main__":
    main()
