"""How far the sample is that is being built behind the pages, for the words above them."""

from flask import Flask, Response, jsonify
from sqlalchemy import Engine

from dashboard.layouts.frame.sample_notice import ADDRESS
from dashboard.scope.sample_building import READY, sample_build, sample_words
from dashboard.server import guard
from dashboard.store.cache import reading


def register(server: Flask, engine: Engine) -> None:
    @server.get(ADDRESS)
    def sample_progress() -> Response:
        with reading(engine) as connection:
            run = sample_build(connection, guard.enquiry().settings)
        return jsonify(running=bool(run and run.is_running), words=sample_words(run) if run else READY)
