"""The stems of pseudonyms. They are the labels of config/entities.toml as shipped; a test keeps the two equal."""

from collections.abc import Mapping
from types import MappingProxyType

from samaran.model import EntityType

LABELS: Mapping[EntityType, str] = MappingProxyType(
    {
        EntityType.PERSON: "ORANG",
        EntityType.ONLINE_ID: "AKUN",
        EntityType.PHONE: "TELEPON",
        EntityType.EMAIL: "SUREL",
        EntityType.URL: "TAUTAN",
        EntityType.ID_NUMBER: "NOMOR",
        EntityType.ACCOUNT_NUMBER: "REKENING",
        EntityType.PLATE: "PLAT",
        EntityType.ADDRESS: "ALAMAT",
        EntityType.LOCATION: "TEMPAT",
        EntityType.VENUE: "GEDUNG",
        EntityType.ORGANIZATION: "LEMBAGA",
        EntityType.DATE: "TANGGAL",
        EntityType.AGE: "USIA",
    }
)
