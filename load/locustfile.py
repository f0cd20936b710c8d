"""Load on the kontaktgruppe and personkategori services, as a Locust file.

    locust -f load/locustfile.py --headless                                                   # the profile's own traffic
    locust -f load/locustfile.py --headless --host http://127.0.0.1:8480 -u 50 -r 10 -t 2m    # 50 closed users
    locust -f load/locustfile.py --host http://127.0.0.1:8480                                 # with Locust's page

Without --host a headless run goes to the stage of `generalproeve up`.
Installed: `locust -f "$(generalproeve load locustfile)" ...`. Options of our own are at the end of `--help`; what the profiles
are, and what the figures mean, stands in docs/load.md.
"""

from vos_load import plugin
from vos_load.shape import ProfileShape
from vos_load.users import PairedUser, QueueUser, RestUser, SoapUser

__all__ = ["PairedUser", "ProfileShape", "QueueUser", "RestUser", "SoapUser", "plugin"]
