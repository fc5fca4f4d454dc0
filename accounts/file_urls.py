"""Addresses of files; part of `accounts.urls`."""

from django.urls import path

from accounts.views import disclosures, files

file_urls = [
    path("clients/<uuid:pk>/files/", files.client_files, name="client_files"),
    path("clients/<uuid:pk>/files/new/", files.file_add, name="file_add"),
    path("contacts/<uuid:pk>/files/", files.contact_files, name="contact_files"),
    path("notes/<uuid:pk>/files/", files.note_files, name="note_files"),
    path("files/<uuid:pk>/", files.file_detail, name="file_detail"),
    path("files/<uuid:pk>/edit/", files.file_edit, name="file_edit"),
    path("files/<uuid:pk>/remove/", files.file_remove, name="file_remove"),
    path("files/<uuid:pk>/restore/", files.file_restore, name="file_restore"),
    path("files/<uuid:pk>/download/", files.file_download, name="file_download"),
    path("files/<uuid:pk>/thumbnail/", files.file_thumbnail, name="file_thumbnail"),
    path("files/<uuid:pk>/picture/", files.file_picture, name="file_picture"),
    path("disclosures/files/", disclosures.FileLogView.as_view(), name="file_log"),
]
