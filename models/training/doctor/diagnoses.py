"""All that the doctor can find, causes before what may follow from them."""

from models.training.doctor import batches, data, fit, gradients, rate, units
from models.training.doctor.base import Diagnosis

DIAGNOSES: tuple[type[Diagnosis], ...] = (
    *data.DIAGNOSES,
    *units.DIAGNOSES,
    *gradients.DIAGNOSES,
    *rate.DIAGNOSES[:3],
    *fit.DIAGNOSES[:3],
    *batches.DIAGNOSES,
    *rate.DIAGNOSES[3:],
    *fit.DIAGNOSES[3:],
)
