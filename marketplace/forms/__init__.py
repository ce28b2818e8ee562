from marketplace.forms.edit import ModelForm
from marketplace.forms.review import RejectionForm
from marketplace.forms.upload import UploadForm

__all__ = ["ModelForm", "RejectionForm", "UploadForm"]
