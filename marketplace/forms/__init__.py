from marketplace.forms.edit import ModelForm
from marketplace.forms.picture import PictureForm
from marketplace.forms.review import RejectionForm
from marketplace.forms.upload import UploadForm

__all__ = ["ModelForm", "PictureForm", "RejectionForm", "UploadForm"]
